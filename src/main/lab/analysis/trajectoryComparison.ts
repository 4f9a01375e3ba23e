import type { MatrixData } from '../../../shared/run.ts'

/** Parameters at a decay time: one matrix or several, the same for every point of a trajectory. */
export interface TrajectoryPoint {
  tau: number
  layers: readonly MatrixData[]
}

/** Two runs on one clock: lists of equal length over the decay times common to both, without the first. */
export interface TrajectoryComparison {
  tau: Float64Array
  /** ‖θ'(τ) − θ(τ)‖/‖θ(τ) − θ(0)‖. */
  relativeDistance: Float64Array
  /** ‖θ'(τ) − θ'(0)‖/‖θ(τ) − θ(0)‖. */
  displacementRatio: Float64Array
  /** cos(θ̇', θ̇), from the difference to the common decay time before. */
  velocityCosine: Float64Array
}

const sameTau = 1e-9

/**
 * How far a trajectory θ' is from a reference θ at equal decay times, as a share of the reference's displacement from
 * `origin` (its own first common point where not given), and how parallel they move. Dimensionless. SCIENCE.md §5, §7.
 */
export function trajectoryComparison(
  reference: readonly TrajectoryPoint[],
  other: readonly TrajectoryPoint[],
  origin?: readonly MatrixData[],
): TrajectoryComparison {
  const common = reference.flatMap((point) => {
    const match = other.find(({ tau }) => Math.abs(tau - point.tau) <= sameTau * Math.max(1, point.tau))
    return match ? [{ tau: point.tau, reference: flatten(point.layers), other: flatten(match.layers) }] : []
  })
  const [start] = common
  const from = origin ? flatten(origin) : start?.reference
  const later = common.slice(1)
  const perPoint = (measure: (point: Common, before: Common) => number) =>
    Float64Array.from(later, (point, i) => measure(point, common[i]!))
  return {
    tau: Float64Array.from(later, ({ tau }) => tau),
    relativeDistance: perPoint((at) => distance(at.other, at.reference) / distance(at.reference, from!)),
    displacementRatio: perPoint((at) => distance(at.other, start!.other) / distance(at.reference, from!)),
    velocityCosine: perPoint((at, before) =>
      cosine(difference(at.other, before.other), difference(at.reference, before.reference)),
    ),
  }
}

interface Common {
  tau: number
  reference: Float64Array
  other: Float64Array
}

function flatten(layers: readonly MatrixData[]): Float64Array {
  const flat = new Float64Array(layers.reduce((sum, { data }) => sum + data.length, 0))
  let at = 0
  for (const { data } of layers) {
    flat.set(data, at)
    at += data.length
  }
  return flat
}

function difference(x: Float64Array, y: Float64Array): Float64Array {
  return x.map((value, i) => value - y[i]!)
}

function distance(x: Float64Array, y: Float64Array): number {
  const d = difference(x, y)
  return Math.sqrt(dot(d, d))
}

function cosine(x: Float64Array, y: Float64Array): number {
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
