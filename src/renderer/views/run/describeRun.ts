import {
  splitSizes,
  type DynamicsSpec,
  type Precision,
  type RunSpec,
  type TrainingSpec,
} from '../../../shared/experiment.ts'
import type { RunDetail, RunSummary } from '../../../shared/run.ts'
import { toyModels } from '../../../shared/toyTask.ts'
import { interventionWords } from './moments.ts'
import { formatCount, formatGiven, formatNumber } from '../../../shared/formatting/formatNumber.ts'

/** What a run is, in a few words, marked for `setSymbols`; its name and seed stand elsewhere. */
export function describeRun(run: RunSummary): string {
  const words = nameKind(run)
  const named = words[0]!.toUpperCase() + words.slice(1)
  return run.facets['task.modulus'] === undefined ? named : `${named}, $p$ = ${run.facets['task.modulus']}`
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

function nameKind({ facets }: RunSummary): string {
  const { 'dynamics.kind': dynamics = '', 'dynamics.optimizer.kind': optimizer, 'dynamics.loss': loss } = facets
  if (dynamics !== 'training' || optimizer === undefined) return dynamicsWords[dynamics] ?? dynamics
  return `${optimizerWords[optimizer] ?? optimizer} on the ${loss === 'crossEntropy' ? 'cross-entropy' : 'squared error'}`
}

function nameRidge({ facets }: RunSummary): string {
  const { 'dynamics.kind': dynamics, 'dynamics.ridge': ridge } = facets
  if (ridge === undefined || (dynamics !== 'isolated' && dynamics !== 'gradientFlow')) return ''
  return ridge === 0 && dynamics === 'isolated' ? ', λ → 0' : `, λ = ${formatGiven(ridge)}`
}

const dynamicsWords: Record<string, string> = {
  training: 'training',
  isolated: 'isolated first layer',
  zeroLossFlow: 'flow on $Z$',
  gradientFlow: 'gradient flow',
}

const optimizerWords: Record<string, string> = {
  gradientDescent: 'gradient descent',
  momentum: 'gradient descent with momentum',
  adamw: 'AdamW',
}

/** A run's specification as the lines of a sidebar, marked for `setSymbols`. */
export function describeSpec(run: RunDetail): { term: string; text: string }[] {
  const { spec } = run
  return [
    { term: 'Task', text: describeTask(spec) },
    ...(spec.task.kind === 'toy' ? [] : [{ term: 'Network', text: describeNetwork(spec.network, spec.task.modulus) }]),
    { term: 'Start', text: nameBranch(run) ?? describeStart(spec) },
    { term: 'Dynamics', text: describeDynamics(spec) },
    { term: spec.dynamics.kind === 'training' ? 'Optimizer' : 'Integrator', text: describeMethod(spec.dynamics) },
    ...spec.interventions.map((entry) => ({
      term: `At step ${formatCount(entry.at)}`,
      text: interventionWords(entry),
    })),
    { term: 'Record', text: describeRecord(spec) },
  ]
}

function describeTask({ task }: RunSpec): string {
  if (task.kind === 'toy') return toyModels[task.model].title
  return `$a$ + $b$ mod ${task.modulus}, $n$ = ${formatCount(splitSizes(task).train)}`
}

function describeNetwork({ hidden, activation }: RunSpec['network'], modulus: number): string {
  return `${modulus} → ${formatCount(hidden)} ${activation} → ${modulus}`
}

function describeStart({ task, initialization }: RunSpec): string {
  if (task.kind === 'toy') return `(${task.start.map((value) => formatGiven(value)).join(', ')})`
  if (initialization.kind === 'file') return `file ${initialization.path}`
  if (initialization.kind === 'uniform') return 'uniform'
  if (initialization.kind === 'trained') return `trained ${initialization.steps} steps`
  const deviation = initialization.standardDeviation
  if (typeof deviation === 'number') return `normal, sd ${formatNumber(deviation, 3)}`
  const power = deviation === 'p^-1/2' ? -1 / 2 : -1 / 4
  return `normal, sd $p$^{${deviation === 'p^-1/2' ? '−1/2' : '−1/4'}} = ${formatNumber(task.modulus ** power, 3)}`
}

function describeDynamics({ dynamics, precision }: RunSpec): string {
  switch (dynamics.kind) {
    case 'training':
      return `${describeLoss(dynamics, precision)}, ${dynamics.reduction}, decay ${formatGiven(dynamics.weightDecay)}`
    case 'isolated':
      return `isolated, λ ${dynamics.ridge === 0 ? '→ 0' : `= ${formatGiven(dynamics.ridge)}`}`
    case 'zeroLossFlow':
      return 'flow on $Z$'
    case 'gradientFlow':
      return `gradient flow, λ = ${formatGiven(dynamics.ridge)}`
  }
}

function describeLoss({ loss, lossPrecision = 'float64' }: TrainingSpec, precision: Precision): string {
  if (loss !== 'crossEntropy') return 'squared error'
  return precision === 'float32' ? `cross-entropy in ${lossPrecision}` : 'cross-entropy'
}

function describeMethod(dynamics: DynamicsSpec): string {
  if (dynamics.kind === 'training') {
    return `${optimizerWords[dynamics.optimizer.kind]}, η = ${formatGiven(dynamics.learningRate)}`
  }
  const { integrator } = dynamics
  const names = { euler: 'Euler', heun: 'Heun', dormandPrince: 'Dormand–Prince' }
  const adaptive = 'tolerance' in integrator && integrator.tolerance !== undefined
  return adaptive
    ? `${names[integrator.kind]}, tolerance ${formatGiven(integrator.tolerance!)}`
    : `${names[integrator.kind]}, η = ${formatGiven(integrator.stepSize)}`
}

function describeRecord({ record }: RunSpec): string {
  const snapshots = Array.isArray(record.snapshots)
    ? `${record.snapshots.length} snapshots`
    : `${record.snapshots} snapshots`
  return `every ${formatCount(record.measureEvery)}; ${snapshots}`
}
