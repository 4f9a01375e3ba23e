import { z } from 'zod'
import { nameDynamicsAlone } from '../../curves/describeRun.ts'
import { otherPanel, panelOfRun, usualPanels, type PanelText } from '../../curves/geometryPanels.ts'
import { LabError } from '../../errors.ts'
import { measurementNames, type MeasurementName } from '../../measurements.ts'
import { quote } from '../../quote.ts'
import type { RunSummary } from '../../run.ts'
import { isOfNetwork } from '../../tasks/tasks.ts'
import { readRunGroup, runGroupShape } from './runGroup.ts'
import type { SourceDescription } from './source.ts'

/** A chart of the view of a run's geometry: norms, what is measured against the zero-loss set, or another measurement. */
export const geometryCurvesSchema = z.strictObject({
  kind: z.literal('geometryCurves'),
  runId: z.string().min(1).max(40),
  archive: runGroupShape.archive,
  axis: runGroupShape.axis,
  /** Of a panel that the view always has, or a measurement. */
  panel: z.string().min(1).max(60),
})
type GeometryCurves = z.output<typeof geometryCurvesSchema>

export const geometryCurves: SourceDescription<GeometryCurves> = {
  async load({ runId, ...source }, request) {
    const whole = { ...source, runIds: [runId], shown: 'single' as const }
    const { run, group } = await readRunGroup(
      whole,
      (of) => [...chartOf(source.panel, of).names, ...before(of)],
      request,
    )
    const { names, words } = chartOf(source.panel, run)
    return panelOfRun(group, names, words)
  },
  nameOf: ({ panel }, drawn) => drawn?.title ?? panel,
  runsBehind: ({ runId, archive }) => Promise.resolve({ runIds: [runId], archive }),
}

/** Of a branch the training loss says how far back its parent is shown. */
function before({ parentRunId }: RunSummary): MeasurementName[] {
  return parentRunId === null ? [] : ['trainLoss']
}

function chartOf(panel: string, run: RunSummary): { names: readonly MeasurementName[]; words: PanelText } {
  const usual = usualPanels(!isOfNetwork(run.facets), nameDynamicsAlone(run))
  const found = usual.find(({ words }) => words.id === panel)
  if (found) return found
  const name = measurementNames.find((each) => each === panel)
  if (name === undefined) {
    const allowed = usual.map(({ words }) => words.id).join(', ')
    throw new LabError('NOT_FOUND', `panel: no ${quote(panel)} in the geometry of a run; ${allowed}, or a measurement`)
  }
  return { names: [name], words: otherPanel(name) }
}
