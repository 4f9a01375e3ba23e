import {
  isMeasurementGroup,
  measurementOf,
  measurements,
  type MeasurementDescription,
  type MeasurementGroup,
  type MeasurementName,
} from '../measurements.ts'
import type { LinePanel } from '../panel.ts'
import type { RunSpec } from '../experiment.ts'
import { describeRepeats, independentRuns } from '../independentRuns.ts'
import { plainText } from '../formatting/setSymbols.ts'
import { isSettled, type RunSummary } from '../run.ts'
import { formatCount } from '../formatting/formatNumber.ts'
import { everySteps } from '../formatting/describeMeasuring.ts'
import { describeTask, hasClasses, isOfNetwork, taskOfFacets, taskSizes } from '../tasks/tasks.ts'
import type { RunGroup, Shown } from './curvePanels.ts'
import { nameDynamicsAlone } from './describeRun.ts'

/** One line under the title of a run's chart: of which pairs, of how many seeds, by which dynamics. */
export function captionOf(
  name: CurvesPanel,
  run: RunSummary,
  { runs, shown }: Pick<RunGroup, 'runs' | 'shown'>,
): string {
  const words = !isOfNetwork(run.facets) && name === 'trainLoss' ? nameDynamicsAlone(run) : panelCaptions[name]
  if (words !== undefined) return asSampled(words, run)
  const repeats = describeRepeats(runs.length, independentRuns(runs).length)
  return [describePairs(name, run), describeSeeds(runs.length, shown), repeats, nameDynamicsAlone(run)]
    .filter(Boolean)
    .join('; ')
}

/** What the view of the curves shows: a measurement, one of both parts of the pairs, or the norms. */
export type CurvesPanel = MeasurementName | MeasurementGroup | 'squaredNorms' | 'path'

const panelCaptions: Partial<Record<CurvesPanel, string>> = {
  testMse: 'mean over held-out pairs and outputs',
  trainLoss: 'sum over training pairs and outputs',
  crossEntropy: 'mean over pairs',
  meanSquaredError: 'mean over pairs and outputs',
  distanceToZeroLoss: 'to the point of $Z$ that Gauss–Newton returns to',
  weight1: '',
  margin: 'mean of test pairs, smallest of training pairs; above zero is right',
  path: 'the first two weights',
}

function describePairs(name: CurvesPanel, run: RunSummary): string {
  const { facets, trainPairs } = run
  const task = taskOfFacets(facets)
  if (name !== 'accuracy' || task === null || trainPairs === null) return ''
  const heldOut = taskSizes(task).total - trainPairs
  return asSampled(`${formatCount(trainPairs)} training pairs, ${formatCount(heldOut)} held out`, run)
}

/** Samples are pairs where they lie on a grid of two tokens. */
function asSampled(words: string, { facets }: RunSummary): string {
  const task = taskOfFacets(facets)
  return task && describeTask(task).gridSide(task) === null ? words.replaceAll('pairs', 'samples') : words
}

function describeSeeds(count: number, shown: Shown): string {
  if (count === 1) return ''
  return { both: `${count} seeds and their mean`, mean: `mean of ${count} seeds`, single: `${count} seeds` }[shown]
}

/** What would be measured of a network that knows nothing. */
export function levelsOf(name: CurvesPanel, { facets }: RunSummary): NonNullable<LinePanel['levels']> {
  const task = taskOfFacets(facets)
  const measurement: MeasurementDescription | undefined =
    measurements[isMeasurementGroup(name) ? measurementOf(name, 'test') : (name as MeasurementName)]
  return task && hasClasses(facets) && measurement?.level ? [measurement.level(taskSizes(task).outputs)] : []
}

/** Why a run has nothing of a measurement to draw. */
export function whyUnmeasured(run: RunSummary, name: MeasurementName, spec: RunSpec | undefined): string {
  if (run.status === 'queued') return 'Nothing is measured yet: the run has not started.'
  if (run.step <= 0) return 'Nothing is measured yet.'
  const field = geometryNames.includes(name) ? 'geometry' : name === 'chatteringShare' ? 'chattering' : null
  if (field === null) return `${sentence(nameDynamicsAlone(run))} does not measure it.`
  if (field === 'geometry' && run.facets['dynamics.loss'] === 'crossEntropy')
    return 'The zero-loss set is that of the squared error.'
  const recorded = spec && 'task' in spec ? spec.record[field] : undefined
  if (recorded === undefined) return `This run did not record it; record.${field} in a specification does.`
  const { every } = recorded
  if (!isSettled(run.status)) return `Nothing of it yet: it is measured ${everySteps(every)}.`
  return `It was to be measured ${everySteps(every)}, but the run did not get that far.`
}

/** What is measured against the zero-loss set, where a specification asks for it. */
const geometryNames: readonly MeasurementName[] = [
  'distanceToZeroLoss',
  'tangentialFraction',
  'normMinimizingCosine',
  'normMinimizingCosinePaper',
]

const sentence = (words: string) => plainText(words.charAt(0).toUpperCase() + words.slice(1))
