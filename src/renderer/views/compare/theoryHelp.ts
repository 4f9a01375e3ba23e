import type { Help } from '../../components/HelpPopover.vue'

export const distanceHelp: Help = {
  text: 'How far the first layer lies from the reference’s at equal decay time, as a share of how far the reference itself has moved. Taken at each run’s own snapshots; between its snapshots the reference is interpolated by straight lines.',
  formula: '\\lVert E-E_{\\text{ref}}\\rVert/\\lVert E_{\\text{ref}}-E_0\\rVert',
}

export const paceHelp: Help = {
  text: 'The decay time at which the reference first reaches a test error, over that of the run. Above 1 the run gets there sooner.',
  formula: '\\tau_{\\text{ref}}(\\varepsilon)/\\tau_{\\text{run}}(\\varepsilon)',
}
