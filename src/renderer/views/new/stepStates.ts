import type { ComposedSpec, ExperimentSpec, StudiedSpec } from '../../../shared/experiment.ts'
import { describeMeasuring } from '../../../shared/formatting/describeMeasuring.ts'
import { parseExperiment } from '../../../shared/parseExperiment.ts'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { describeModel } from '../../../shared/models/models.ts'
import { describeTask, isNetworkTask, taskSizes } from '../../../shared/tasks/tasks.ts'
import { formatCount, formatGiven } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { describeStudy } from '../../../shared/studies/studies.ts'
import { stepsOfDraft, type StepId } from './wizardSections.ts'
import type { PlannedExperiment } from './planExperiments.ts'
import { valueAt, type SpecDraft } from '../../../shared/specification/paths.ts'
import type { PlacedProblems } from './wizardSections.ts'

export interface StepState {
  id: StepId
  title: string
  /** What has been chosen there, in a few words. */
  lines: string[]
  problems: number
  isDone: boolean
}

const titles: Record<StepId, string> = {
  task: 'Task',
  study: 'Study',
  network: 'Network and dynamics',
  interventions: 'Interventions',
  record: 'Recording',
  seeds: 'Seeds and sweeps',
  review: 'Review',
}

export function stepStates(
  /** The last valid form of the draft, so that what is chosen stays readable while a field is wrong. */
  spec: ExperimentSpec | null,
  draft: SpecDraft,
  placed: PlacedProblems,
  current: StepId,
  plan: { axes: number; cells: number | null },
): StepState[] {
  const ids = stepsOfDraft(draft)
  const reached = ids.indexOf(current)
  return ids.map((id, place) => ({
    id,
    title: titles[id],
    lines: spec ? linesOf(id, spec, plan) : [],
    problems: id === 'review' ? placed.elsewhere.length : (placed.byStep.get(id)?.length ?? 0),
    isDone: place < reached,
  }))
}

type Plan = Parameters<typeof stepStates>[4]

function linesOf(id: StepId, spec: ExperimentSpec, plan: Plan): string[] {
  if (id === 'seeds') return describeSeeds(spec, plan)
  return ('study' in spec ? describeStudied[id]?.(spec) : describeComposed[id]?.(spec)) ?? []
}

const describeStudied: Partial<Record<StepId, (spec: StudiedSpec) => string[]>> = {
  study: ({ study }) => [plainText(describeStudy(study).title(study))],
  record: ({ record: { arrays } }) => [
    Array.isArray(arrays)
      ? `arrays at ${countThings(arrays.length, 'place')}`
      : `arrays at ${arrays === 'all' ? 'all places' : 'both ends'}`,
  ],
}

const describeComposed: Partial<Record<StepId, (spec: ComposedSpec) => string[]>> = {
  task: ({ task }) => [
    plainText(describeTask(task).title(task)),
    ...(isNetworkTask(task) ? [`${formatCount(taskSizes(task).train)} training samples`] : []),
  ],
  network: ({ network, task, dynamics }) => [
    ...(isNetworkTask(task) ? [describeModel(network).title(network, taskSizes(task))] : []),
    `${dynamics.kind}, ${countThings(dynamics.steps, 'step')}`,
  ],
  interventions: ({ interventions }) => [
    interventions.length === 0 ? 'none' : `${interventions.length}, ${whenOf(interventions)}`,
  ],
  record: ({ record }) => [
    describeMeasuring(record),
    typeof record.snapshots === 'string'
      ? `${record.snapshots} snapshots`
      : `${countThings(record.snapshots.length, 'snapshot')}`,
  ],
}

function describeSeeds({ seeds }: ExperimentSpec, { axes, cells }: Plan): string[] {
  return [
    seeds.length === 1 ? `seed ${seeds[0]}` : `${seeds.length} seeds`,
    ...(axes > 0 ? [axes === 1 ? 'one axis' : `${axes} axes`] : []),
    ...(cells === null ? [] : [`${countThings(cells, 'cell')}`]),
  ]
}

function whenOf(interventions: ComposedSpec['interventions']): string {
  const steps = interventions.map(({ at }) => at)
  const [first, last] = [Math.min(...steps), Math.max(...steps)]
  return first === last ? `at step ${formatCount(first)}` : `at steps ${formatCount(first)} to ${formatCount(last)}`
}

/** The specification that a draft stands for; null where it is not valid. */
export function parsed(draft: SpecDraft): ExperimentSpec | null {
  try {
    return parseExperiment(draft)
  } catch {
    return null
  }
}

/** The specification of a planned experiment in one line: task, network, dynamics. */
export function describePlanned({ spec }: PlannedExperiment): string {
  const known = parsed(spec)
  if (!known) return 'not valid'
  if ('study' in known) return plainText(describeStudy(known.study).title(known.study))
  const { task, network, dynamics } = known
  const title = plainText(describeTask(task).title(task))
  const size = isNetworkTask(task) ? `${title}, d_h = ${network.hidden}` : title
  const rate = 'integrator' in dynamics ? dynamics.integrator.stepSize : dynamics.learningRate
  return `${size}, ${dynamics.kind}, η = ${formatGiven(rate)}, ${countThings(dynamics.steps, 'step')}`
}

/** Seeds of a planned experiment, as many as are given. */
export function seedsOf({ spec }: PlannedExperiment): number {
  const seeds = valueAt(spec, 'seeds')
  return Array.isArray(seeds) ? seeds.length : 1
}
