import type { MatrixData } from '../../../shared/run.ts'
import { fourierTransform } from './fourierFeatures.ts'

/**
 * The circle of each frequency k = 1 … K = ⌊(p−1)/2⌋: the p embeddings E_j (rows of E, p × d_h) projected orthogonally on
 * the plane of Re F_k and Im F_k, in coordinates turned so that token 0 lies on the positive first axis and reflected so
 * that the tokens run counter-clockwise with kj. Row k − 1 holds x_0 … x_(p−1), y_0 … y_(p−1) (K × 2p), in the units of E.
 * A first layer of the single frequency k, with orthogonal parts of equal norm, gives the points of a circle at the
 * angles 2πkj/p. SCIENCE.md §5; Musat, Sec. 7.
 */
export function frequencyCircles(E: MatrixData): MatrixData {
  const { real, imaginary } = fourierTransform(E)
  const p = E.rows
  const data = new Float64Array(real.rows * 2 * p)
  for (let k = 1; k <= real.rows; k++) {
    const first = unit(rowOf(real, k - 1))
    const second = unit(rejection(rowOf(imaginary, k - 1), first))
    const points = Array.from({ length: p }, (_, j) => {
      const row = rowOf(E, j)
      return [dot(row, first), dot(row, second)] as const
    })
    turn(points, k).forEach(([x, y], j) => {
      data[(k - 1) * 2 * p + j] = x
      data[(k - 1) * 2 * p + p + j] = y
    })
  }
  return { rows: real.rows, columns: 2 * p, data }
}

type Point = readonly [number, number]

function turn(points: readonly Point[], k: number): Point[] {
  const p = points.length
  const [x0, y0] = points[0]!
  const length = Math.hypot(x0, y0)
  const [cosine, sine] = length > 0 ? [x0 / length, y0 / length] : [1, 0]
  const turned = points.map(([x, y]): Point => [cosine * x + sine * y, cosine * y - sine * x])
  const sense = turned.reduce((sum, [, y], j) => sum + y * Math.sin((2 * Math.PI * ((j * k) % p)) / p), 0)
  return sense < 0 ? turned.map(([x, y]): Point => [x, -y]) : turned
}

function rowOf({ columns, data }: MatrixData, row: number): Float64Array {
  return Float64Array.from(data.subarray(row * columns, (row + 1) * columns))
}

/** The part of `vector` orthogonal to a unit vector, taken twice for rounding's sake. */
function rejection(vector: Float64Array, along: Float64Array): Float64Array {
  const once = vector.map((value, i) => value - dot(vector, along) * along[i]!)
  return once.map((value, i) => value - dot(once, along) * along[i]!)
}

/** A vector of length 1, or zero where it has no direction. */
function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector))
  return length > 0 ? vector.map((value) => value / length) : vector
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
