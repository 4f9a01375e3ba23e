import { negligibleShare } from '../../../shared/negligibleShare.ts'
import type { MatrixData } from '../../../shared/matrix.ts'

/** Parameters at a decay time: one matrix or several, the same for every point of a trajectory. */
export interface TrajectoryPoint {
  tau: number
  layers: readonly MatrixData[]
}

/** Two runs on one clock: lists of equal length over the decay times common to both, without the first. */
export interface TrajectoryComparison {
  tau: Float64Array
  /** ‖θ'(τ) − θ(τ)‖/‖θ(τ) − θ(0)‖; NaN where the reference has not moved. */
  relativeDistance: Float64Array
  /** ‖θ'(τ) − θ'(0)‖/‖θ(τ) − θ(0)‖; NaN likewise. */
  displacementRatio: Float64Array
  /** cos(θ̇', θ̇), from the difference to the common decay time before; NaN where one of them has not moved since. */
  velocityCosine: Float64Array
}

const sameTau = 1e-9

/**
 * How far a trajectory θ' is from a reference θ at equal decay times, as a share of the reference's displacement from
 * `origin` (its own first common point where not given), and how parallel they move. A difference of two states no longer
 * than 1e-12 of the longer one (1e-6 in float32) is rounding: that trajectory has not moved. Dimensionless. SCIENCE.md
 * §5, §7.
 */
export function trajectoryComparison(
  reference: readonly TrajectoryPoint[],
  other: readonly TrajectoryPoint[],
  origin?: readonly MatrixData[],
): TrajectoryComparison {
  const common = reference.flatMap((point) => {
    const match = other.find(({ tau }) => Math.abs(tau - point.tau) <= sameTau * Math.max(1, point.tau))
    return match ? [{ tau: point.tau, reference: stateOf(point.layers), other: stateOf(match.layers) }] : []
  })
  const [start] = common
  const from = origin ? stateOf(origin) : start?.reference
  const later = common.slice(1)
  const perPoint = (measure: (point: Common, before: Common) => number) =>
    Float64Array.from(later, (point, i) => measure(point, common[i]!))
  return {
    tau: Float64Array.from(later, ({ tau }) => tau),
    relativeDistance: perPoint((at) => distance(at.other, at.reference) / way(from!, at.reference)),
    displacementRatio: perPoint((at) => distance(at.other, start!.other) / way(from!, at.reference)),
    velocityCosine: perPoint((at, before) => velocityCosine(before, at)),
  }
}

interface Common {
  tau: number
  reference: State
  other: State
}

/** All layers of a trajectory's point in one vector. */
interface State {
  data: Float64Array
  /** The length at and below which a difference to another state is rounding. */
  negligible: number
}

function stateOf(layers: readonly MatrixData[]): State {
  const data = new Float64Array(layers.reduce((sum, layer) => sum + layer.data.length, 0))
  let at = 0
  for (const layer of layers) {
    data.set(layer.data, at)
    at += layer.data.length
  }
  const share = Math.max(...layers.map((layer) => negligibleShare(layer.data)))
  return { data, negligible: share * Math.sqrt(dot(data, data)) }
}

function distance(x: State, y: State): number {
  const d = difference(x, y)
  return Math.sqrt(dot(d, d))
}

/** The distance from one state of a trajectory to another; NaN where it is rounding, and nothing a share of it. */
function way(from: State, to: State): number {
  const length = distance(from, to)
  return length > Math.max(from.negligible, to.negligible) ? length : NaN
}

function velocityCosine(before: Common, at: Common): number {
  const lengths = way(before.other, at.other) * way(before.reference, at.reference)
  return dot(difference(at.other, before.other), difference(at.reference, before.reference)) / lengths
}

function difference(x: State, y: State): Float64Array {
  return x.data.map((value, i) => value - y.data[i]!)
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
