import type { ProblemSize } from './benchmark.ts'
import {
  modulusOf,
  mostExactEquations,
  splitSizes,
  type DynamicsSpec,
  type ExperimentSpec,
  type IntegratorSpec,
  type RunSpec,
} from './experiment.ts'

/** What one run costs, foreseen from its specification. */
export interface CostEstimate {
  /** Multiply-adds of one step: n²d_h/2 + n³/6 + n²p + 2·n·p·d_h for the isolated layer, per field evaluation; 3·n·p·d_h for training, 3·b·p·d_h on batches of b. */
  multiplyAddsPerStep: number
  steps: number
  /** Seconds for one run at `multiplyAddsPerSecond`, adaptive rejections left out; null where that is not yet measured. */
  seconds: number | null
  /** Bytes of matrices one run holds. */
  memoryBytes: number
  /** Bytes one run writes, before compression. */
  diskBytes: number
  snapshots: number
}

const isolatedWork = (n: number, p: number, h: number) =>
  h < n
    ? (n * h * h) / 2 + h ** 3 / 6 + h * h * p + 4 * n * p * h
    : (n * n * h) / 2 + n ** 3 / 6 + n * n * p + 2 * n * p * h

/** Building and factoring JJᵀ, or some 150 conjugate-gradient iterations where it is large. */
const zeroLossWork = (n: number, p: number, h: number) =>
  n * p <= mostExactEquations
    ? (2 * (n * p) ** 2 * h) / p + (n * p) ** 3 / 6
    : 150 * (4 * n * p * h + n * n * p) + (n * n * h) / 2 + n ** 3 / 6

/** Of a measured geometry: some four on the way back to Z, one there, one at the end of the paper's descent. */
const linearizations = 6

/**
 * Foresees the cost of one run of a specification on a machine that does so many multiply-adds a second of such runs, all
 * that they cost besides included; null where that is not known, and then neither is the time.
 */
export function estimateCost(spec: ExperimentSpec | RunSpec, multiplyAddsPerSecond: number | null): CostEstimate {
  const { dynamics, network, record } = spec
  const p = modulusOf(spec.task) ?? 1
  const h = network.hidden
  const { train: n, total } = splitSizes(spec.task)
  const multiplyAddsPerStep = workPerStep(dynamics, n, p, h)
  const measuredSteps = Math.ceil(dynamics.steps / record.measureEvery) + 1
  const geometries = record.geometry ? Math.ceil(dynamics.steps / record.geometry.every) : 0
  const batch = dynamics.kind === 'training' ? dynamics.batch : undefined
  // Under batches the gradient of all pairs is computed where it is measured.
  const gradients = batch ? measuredSteps * 3 * n * p * h : 0
  const measuring = measuredSteps * total * p * h + gradients + geometries * linearizations * zeroLossWork(n, p, h)
  const bytes = spec.precision === 'float64' ? 8 : 4
  const order = systemOrder(dynamics, n, p, h)
  const evaluationRows = Math.min(1024, total)
  // Two sizes of batch where the last of an epoch is smaller.
  const stepRows = n + (batch ? batch.size + (n % batch.size) : 0)
  const memoryBytes = bytes * (stepRows * (2 * h + 3 * p) + order * order + 6 * p * h + evaluationRows * (h + p))
  const snapshots = snapshotCount(spec)
  return {
    multiplyAddsPerStep,
    steps: dynamics.steps,
    seconds:
      multiplyAddsPerSecond === null
        ? null
        : (multiplyAddsPerStep * dynamics.steps + measuring) / multiplyAddsPerSecond,
    memoryBytes,
    diskBytes: snapshots * 2 * p * h * bytes + measuredSteps * 8 * 14,
    snapshots,
  }
}

/** The sizes that decide which arithmetic is fastest: for the zero-loss flow the order of its Gram matrix is n. */
export function problemSize(spec: ExperimentSpec | RunSpec): ProblemSize {
  const p = modulusOf(spec.task) ?? 1
  const { train } = splitSizes(spec.task)
  const n = spec.dynamics.kind === 'zeroLossFlow' ? Math.min(train * p, mostExactEquations) : train
  return { p, hidden: spec.network.hidden, n }
}

function workPerStep(dynamics: DynamicsSpec, n: number, p: number, h: number): number {
  switch (dynamics.kind) {
    case 'training':
      return 3 * (dynamics.batch?.size ?? n) * p * h
    case 'isolated':
      return fieldEvaluations(dynamics.integrator) * isolatedWork(n, p, h)
    case 'zeroLossFlow':
      return fieldEvaluations(dynamics.integrator) * zeroLossWork(n, p, h)
    case 'gradientFlow':
      return fieldEvaluations(dynamics.integrator) * 10
  }
}

/** Order of the largest square matrix that the dynamics holds. */
function systemOrder(dynamics: DynamicsSpec, n: number, p: number, h: number): number {
  if (dynamics.kind === 'isolated') return Math.min(n, h)
  if (dynamics.kind === 'zeroLossFlow') return n * p <= mostExactEquations ? n * p : n
  return 0
}

/** Field evaluations per step. */
function fieldEvaluations(integrator: IntegratorSpec): number {
  return integrator.kind === 'euler' ? 1 : integrator.kind === 'heun' ? 2 : 6
}

function snapshotCount({ record, dynamics }: ExperimentSpec | RunSpec): number {
  if (record.snapshots === 'events') return 5
  if (record.snapshots !== 'log') return record.snapshots.length + 5
  return Math.ceil(10 * Math.log10(dynamics.steps + 1)) + 5
}
