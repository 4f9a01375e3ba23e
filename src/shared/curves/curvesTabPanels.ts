import { isMeasurementGroup, measurementOf, type MeasurementName } from '../measurements.ts'
import type { Expectation, LinePanel, Panel } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import { studyOfFacets } from '../studies/studies.ts'
import { hasClasses, isOfNetwork } from '../tasks/tasks.ts'
import { measurementPanel, splitPanel, studyPanel, type RunGroup } from './curvePanels.ts'
import { captionOf, levelsOf, type CurvesPanel } from './curveCaptions.ts'
import type { RunAxis } from './horizontalAxis.ts'
import { pathPanel } from './geometryPanels.ts'
import { normsPanel } from './normsPanel.ts'

/** What the large chart of a run's curves shows. */
export function mainPanelOf({ facets }: RunSummary): CurvesPanel {
  const study = studyOfFacets(facets)
  if (study) return study.panels[0]!.curves[0]!.measurement
  if (!isOfNetwork(facets)) return 'trainLoss'
  if (hasClasses(facets)) return 'accuracy'
  return facets['dynamics.kind'] === 'training' ? 'meanSquaredError' : 'testMse'
}

/**
 * What the smaller charts show: of a study its other panels, of a toy model its weights, of a network both norms and how well it fits. Training is
 * shown by the loss that it lowers, on both parts of the pairs; elsewhere the training loss is zero to rounding, so that
 * it has a panel and an axis of its own.
 */
export function lowerPanelsOf({ facets }: RunSummary): readonly CurvesPanel[] {
  const study = studyOfFacets(facets)
  if (study) return study.panels.slice(1).map(({ curves }) => curves[0]!.measurement)
  if (!isOfNetwork(facets)) return ['path', 'distanceToZeroLoss', 'weight1']
  if (!hasClasses(facets)) return ['squaredNorms', 'trainLoss']
  if (facets['dynamics.kind'] !== 'training') return ['squaredNorms', 'testMse', 'trainLoss']
  return ['squaredNorms', facets['dynamics.loss'] === 'crossEntropy' ? 'crossEntropy' : 'meanSquaredError', 'margin']
}

/** The measurement whose explanation a chart has. */
export function helpNameOf(name: CurvesPanel): MeasurementName {
  if (name === 'path') return 'weight1'
  if (name === 'squaredNorms') return 'firstLayerNormSquared'
  return isMeasurementGroup(name) ? measurementOf(name, 'test') : name
}

/** What a paper's figure expects of a chart of its runs, on the axis that the paper has; its panels are named after what they show. */
export function expectationsOf(name: CurvesPanel, axis: RunAxis, panels: readonly Panel[]): Expectation[] {
  if (axis !== 'step') return []
  const id = helpNameOf(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const drawn = panels.find((candidate) => candidate.id === id)
  return drawn?.kind === 'lines' ? (drawn.expectations ?? []) : []
}

/** One chart of the runs of a group; `run` is the one that is looked at. */
export function curvesTabPanel(
  name: CurvesPanel,
  group: RunGroup,
  run: RunSummary,
  expectations: Expectation[] = [],
): LinePanel {
  const ofStudy = studyOfFacets(run.facets)?.panels.find(({ curves }) => curves[0]!.measurement === name)
  const caption = ofStudy?.caption ?? captionOf(name, run, group)
  const words = { caption, levels: levelsOf(name, run), expectations }
  if (ofStudy) return studyPanel(group, ofStudy, words)
  if (name === 'path') return pathPanel({ ...group, runs: [run] }, caption)
  if (name === 'squaredNorms') return normsPanel(group, caption)
  return isMeasurementGroup(name) ? splitPanel(group, name, words) : measurementPanel(group, name, words)
}
