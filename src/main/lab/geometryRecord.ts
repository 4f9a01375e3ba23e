import type { ComposedRunSpec } from '../../shared/experiment.ts'
import type { DynamicsSpec } from '../../shared/dynamics/dynamics.ts'
import type { Measurements } from '../../shared/run.ts'
import { paperProjection, zeroLossGeometry } from './analysis/zeroLossGeometry.ts'
import type { Matrix } from './backend/backend.ts'
import { axpbyAll } from './network/matrixLists.ts'
import { directionOf, matricesOf } from './network/network.ts'
import type { Network } from './network/model.ts'

/** Measures a run against the zero-loss set on a schedule of its own. */
export interface GeometryRecord {
  /** The next step after `step` at which parameters are remembered or measured. */
  nextAfter(step: number): number
  measures(step: number): boolean
  /** Whether the parameters of `step` are needed at the next measurement. */
  remembers(step: number): boolean
  /** Keeps the present parameters. */
  remember(): void
  measure(step: number): Measurements
  /** The remembered parameters, which a resumed run needs. */
  matrices(): Record<string, Matrix>
}

/** The record of `record.geometry`: every k-th step is measured, with the update since `lag` steps before. */
export function createGeometryRecord(
  network: Network,
  dynamics: DynamicsSpec,
  { every, lag }: NonNullable<ComposedRunSpec['record']['geometry']>,
): GeometryRecord {
  const { backend, parameters, train } = network
  const learningRate = meanLossLearningRate(dynamics, train.Y.rows, train.Y.columns)
  const geometry = zeroLossGeometry(network, { learningRate, ...paperProjection })
  const lagged = directionOf(network)
  return {
    measures: (step) => step % every === 0,
    remembers: (step) => (step + lag) % every === 0,
    nextAfter: (step) =>
      Math.min((Math.floor(step / every) + 1) * every, (Math.floor((step + lag) / every) + 1) * every - lag),
    remember: () => axpbyAll(backend, 1, matricesOf(network), 0, lagged),
    measure: (step) => geometry.measure(step >= lag ? lagged : undefined),
    matrices: () => Object.fromEntries(parameters.map(({ name }, i) => [`lagged${name}`, lagged[i]!])),
  }
}

/** η for the mean squared error: the run's own before any schedule, or 1 where the run has none. */
function meanLossLearningRate(dynamics: DynamicsSpec, samples: number, outputs: number): number {
  if (dynamics.kind !== 'training') return 1
  const { reduction, learningRate, batch } = dynamics
  return reduction === 'sum' ? learningRate * (batch?.size ?? samples) * outputs : learningRate
}
