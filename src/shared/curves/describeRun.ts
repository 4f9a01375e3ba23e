import type { ComposedRunSpec, StudiedRunSpec, TrainingSpec } from '../experiment.ts'
import { dynamicsOf, findDynamics, type DynamicsSpec } from '../dynamics/dynamics.ts'
import { integrators } from '../dynamics/integrators.ts'
import { lossDescriptions } from '../dynamics/losses.ts'
import { findOptimizer, optimizers, type OptimizerSpec } from '../dynamics/optimizers.ts'
import { isSettled, type RunDetail, type RunSummary } from '../run.ts'
import { describeModel } from '../models/models.ts'
import { describeTask, isNetworkTask, taskOfFacets, taskSizes } from '../tasks/tasks.ts'
import { modularOperations } from '../tasks/modular.ts'
import { findField } from '../specification/fields.ts'
import { branchOriginOf } from '../specification/specificationOfRun.ts'
import { describeStudy, studyOfFacets } from '../studies/studies.ts'
import { describeIntervention } from './moments.ts'
import { describeMeasuring } from '../formatting/describeMeasuring.ts'
import { formatCount, formatGiven, formatNumber } from '../formatting/formatNumber.ts'
import { countThings } from '../formatting/countThings.ts'

/** What a run is called; seeds together, and one that was given no other name, are called as their experiment. */
export function titleOf(run: Pick<RunSummary, 'experiment' | 'name' | 'seed'>, together: boolean): string {
  const { experiment, name, seed } = run
  return together || name === `${experiment}, seed ${seed}` ? experiment : name
}

/** What a run is, in a few words, marked for `setSymbols`; its name and seed stand elsewhere. */
export function describeRun(run: RunSummary): string {
  const named = capitalized(nameKind(run))
  const task = taskOfFacets(run.facets)
  if (task === null) return named
  return `${named}, ${task.kind === 'modularAddition' ? `$p$ = ${task.modulus}` : describeTask(task).title(task)}`
}

/** In the place of when an event came that did not come. */
export function describeAbsence({ status }: Pick<RunSummary, 'status'>): string {
  return isSettled(status) ? 'not reached' : 'not yet'
}

/** What was measured last of some runs is final only where all of them have finished. */
export function finality(runs: readonly Pick<RunSummary, 'status'>[]): 'final' | 'latest' {
  return runs.every(({ status }) => status === 'finished') ? 'final' : 'latest'
}

/** By which dynamics a run goes, and where it branched; marked for `setSymbols`. */
export function nameDynamics(run: RunSummary): string {
  const branch = nameBranch(run)
  return branch === null ? nameDynamicsAlone(run) : `${nameDynamicsAlone(run)}, ${branch}`
}

/** The same where a chart itself shows where the run branched. */
export function nameDynamicsAlone(run: RunSummary): string {
  return `${nameKind(run)}${nameRidge(run)}`
}

function nameBranch({ parentRunId, parentStep }: RunSummary): string | null {
  return parentRunId === null ? null : `branched from ${parentRunId} at step ${formatCount(parentStep ?? 0)}`
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function nameKind({ facets }: RunSummary): string {
  const study = studyOfFacets(facets)
  if (study) return study.label
  const { 'dynamics.kind': dynamics = '', 'dynamics.optimizer.kind': optimizer, 'dynamics.loss': loss } = facets
  if (dynamics !== 'training' || optimizer === undefined) return findDynamics(dynamics)?.phrase ?? dynamics
  const phrase = findOptimizer(optimizer)?.phrase ?? optimizer
  return `${phrase} on the ${lossDescriptions[loss ?? 'meanSquaredError']?.label ?? loss}`
}

function nameRidge({ facets }: RunSummary): string {
  const { 'dynamics.kind': dynamics, 'dynamics.ridge': ridge } = facets
  if (ridge === undefined || (dynamics !== 'isolated' && dynamics !== 'gradientFlow')) return ''
  return ridge === 0 && dynamics === 'isolated' ? ', λ → 0' : `, λ = ${formatGiven(ridge)}`
}

/** A line of what a run was asked. */
export interface SpecLine {
  term: string
  /** Marked for `setSymbols`. */
  text: string
  /** The run that it speaks of. */
  runId?: string
}

/** A run's specification as the lines of a sidebar; of a branch what it started from stands in the place of its initialization. */
export function describeSpec(run: RunDetail): SpecLine[] {
  return 'study' in run.spec ? describeStudied(run.spec) : describeComposed(run, run.spec)
}

/** Every field of a study by its words. */
function describeStudied({ study, record }: StudiedRunSpec): SpecLine[] {
  const fields = Object.entries(study).flatMap(([name, value]) => {
    const words = name === 'kind' ? undefined : findField(`study.${name}`)?.words
    if (!words || typeof value !== 'number') return []
    return [
      { term: capitalized(words.label), text: `${words.symbol ? `${words.symbol} = ` : ''}${formatGiven(value)}` },
    ]
  })
  const { arrays } = record
  const kept = Array.isArray(arrays)
    ? `arrays at ${arrays.length} places`
    : `arrays at ${arrays === 'all' ? 'all places' : 'both ends'}`
  return [{ term: 'Study', text: describeStudy(study).label }, ...fields, { term: 'Record', text: kept }]
}

function describeComposed(run: RunDetail, spec: ComposedRunSpec): SpecLine[] {
  const origin = branchOriginOf(run)
  // A branch begins with weights that are as they are.
  const scale = origin ? undefined : spec.initialization.scale
  return [
    { term: 'Task', text: nameTask(run, spec) },
    ...(isNetworkTask(spec.task) ? [{ term: 'Network', text: describeNetwork(spec) }] : []),
    origin
      ? { term: 'Start', text: `step ${formatCount(origin.step)} of ${origin.runId}`, runId: origin.runId }
      : { term: 'Start', text: describeStart(spec) },
    ...(scale === undefined ? [] : [{ term: 'Scale', text: `α = ${formatGiven(scale)}` }]),
    { term: 'Dynamics', text: dynamicsOf(spec.dynamics).title(spec.dynamics) },
    { term: spec.dynamics.kind === 'training' ? 'Optimizer' : 'Integrator', text: describeMethod(spec.dynamics) },
    ...(spec.dynamics.kind === 'training' ? describeOptions(spec.dynamics) : []),
    ...spec.interventions.map((entry) => ({
      term: `At step ${formatCount(entry.at)}`,
      text: describeIntervention(entry),
    })),
    ...(spec.stop ? [{ term: 'Early end', text: describeStop(spec.stop) }] : []),
    { term: 'Record', text: describeRecord(spec) },
  ]
}

function describeStop({ after, steps, decayTime }: NonNullable<ComposedRunSpec['stop']>): string {
  const later = steps === undefined ? `τ = ${formatGiven(decayTime!)}` : countThings(steps, 'step')
  return `${later} after "${findField('stop.after')!.words.choices![after]}"`
}

/** With as many training samples as the run has, which a given start may say otherwise than its specification. */
function nameTask({ train, trainPairs }: RunDetail, { task }: ComposedRunSpec): string {
  const title = describeTask(task).title(task)
  if (!isNetworkTask(task)) return title
  const isUsual = task.split.kind === 'random'
  const count = train?.length ?? trainPairs ?? taskSizes(task).train
  return [
    title,
    ...unusualInputs(task),
    `$n$ = ${formatCount(count)}`,
    ...(isUsual ? [] : [splitLabels[task.split.kind]]),
  ].join(', ')
}

/** What does not commute is of ordered pairs and of operands apart, without a word. */
function unusualInputs(task: ComposedRunSpec['task']): string[] {
  if (!('pairs' in task) || !modularOperations[task.kind].commutes) return []
  return [
    ...(task.pairs === 'ordered' ? ['ordered pairs'] : []),
    ...(task.inputs === 'concatenated' ? ['concatenated inputs'] : []),
  ]
}

const splitLabels = {
  given: 'split given',
  file: 'split of the file',
  block: 'a block held out',
  strip: 'a strip held out',
  random: 'at random',
}

function describeNetwork({ task, network }: ComposedRunSpec): string {
  return describeModel(network).title(network, taskSizes(task))
}

function describeStart({ task, initialization }: ComposedRunSpec): string {
  if (task.kind === 'toy') return `(${task.start.map((value) => formatGiven(value)).join(', ')})`
  if (initialization.kind === 'file') return `file ${initialization.path}`
  if (initialization.kind === 'uniform') return 'uniform'
  if (initialization.kind === 'trained') {
    const { steps, learningRate, weightDecay } = initialization
    return `trained ${countThings(steps, 'step')}, η = ${formatGiven(learningRate)}, wd = ${formatGiven(weightDecay)}`
  }
  const deviation = initialization.standardDeviation
  if (typeof deviation === 'number') return `normal, sd ${formatNumber(deviation, 3)}`
  const power = deviation === 'p^-1/2' ? -1 / 2 : -1 / 4
  const { inputs } = taskSizes(task)
  // Of tokens one after the other there are more inputs than the modulus.
  const size = 'modulus' in task && task.modulus === inputs ? '$p$' : '$m$'
  return `normal, sd ${size}^{${deviation === 'p^-1/2' ? '−1/2' : '−1/4'}} = ${formatNumber(inputs ** power, 3)}`
}

function describeMethod(dynamics: DynamicsSpec): string {
  if (dynamics.kind === 'training') {
    const { optimizer, learningRate } = dynamics
    return [optimizers[optimizer.kind].phrase, ...describeMoments(optimizer), `η = ${formatGiven(learningRate)}`].join(
      ', ',
    )
  }
  const { integrator } = dynamics
  const { tolerance, output, stepSize } = integrator
  return typeof tolerance === 'number'
    ? `${integrators[integrator.kind].label}, tolerance ${formatGiven(tolerance)}${output === 'dense' ? ', dense output' : ''}`
    : `${integrators[integrator.kind].label}, η = ${formatGiven(stepSize)}`
}

/** Of AdamW what is not as usual. */
function describeMoments({ kind, ...settings }: OptimizerSpec): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const { words, fallback } = findField(`dynamics.optimizer.${name}`)!
    return kind === 'momentum' || value !== fallback ? [`${words.symbol} = ${formatGiven(value)}`] : []
  })
}

/** What a training has besides, a line each. */
function describeOptions(dynamics: TrainingSpec): { term: string; text: string }[] {
  const { batch, schedule, weightDecayKind, maxGradientNorm, perParameter = {} } = dynamics
  return [
    ...(batch ? [{ term: 'Batches', text: `${formatCount(batch.size)}${drawLabels[batch.sampling]}` }] : []),
    ...(schedule ? [{ term: 'Schedule', text: describeSchedule(schedule) }] : []),
    ...(weightDecayKind ? [{ term: 'Decay', text: weightDecayKind === 'l2' ? 'L2' : 'decoupled' }] : []),
    ...(maxGradientNorm === undefined ? [] : [{ term: 'Clipped', text: `at ‖∇L‖ = ${formatGiven(maxGradientNorm)}` }]),
    ...Object.entries(perParameter).map(([name, { learningRate, weightDecay }]) => ({
      term: `Rates of ${name}`,
      text: `η × ${formatGiven(learningRate)}, wd × ${formatGiven(weightDecay)}`,
    })),
  ]
}

const drawLabels = { withoutReplacement: '', withReplacement: ', with replacement' }

function describeSchedule({ shape, warmupSteps, floor, steps }: NonNullable<TrainingSpec['schedule']>): string {
  return [
    ...(warmupSteps > 0 ? [`${formatCount(warmupSteps)} of warm-up`] : []),
    ...(shape === 'cosine' ? [`cosine to ${floor === 0 ? '0' : `${formatGiven(floor)}·η`}`] : []),
    ...(shape === 'cosine' && steps !== undefined ? [`there by step ${formatCount(steps)}`] : []),
  ].join(', ')
}

function describeRecord({ record }: ComposedRunSpec): string {
  const snapshots = Array.isArray(record.snapshots)
    ? `${record.snapshots.length} snapshots`
    : `${record.snapshots} snapshots`
  return `${describeMeasuring(record)}; ${snapshots}`
}
