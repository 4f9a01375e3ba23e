import type { MatrixData } from '../../../shared/matrix.ts'
import { fourierTransform } from './fourierTransform.ts'

/**
 * The circle of each frequency k = 1 … K = ⌊p/2⌋: the p embeddings E_j (rows of E, p × d_h) projected orthogonally on the
 * span of Re F_k and Im F_k, in coordinates turned so that token 0 lies on the positive first axis and reflected so that
 * the tokens run counter-clockwise with kj. Row k − 1 holds x_0 … x_(p−1), y_0 … y_(p−1) (K × 2p), in the units of E. A
 * first layer of the single frequency k, with orthogonal parts of equal norm, gives the points of a circle at the angles
 * 2πkj/p.
 *
 * Where the features span one direction alone the circle is a line, all y = 0: so for k = p/2, which has no Im F_k, and
 * where Re F_k and Im F_k are parallel to rounding or one of them is zero. Where both are zero all points are (0, 0).
 * SCIENCE.md §5; Musat, Sec. 7.
 */
export function frequencyCircles(E: MatrixData): MatrixData {
  const { real, imaginary, negligible } = fourierTransform(E)
  const p = E.rows
  const embeddings = Array.from({ length: p }, (_, j) => rowOf(E, j))
  const data = new Float64Array(real.rows * 2 * p)
  for (let k = 1; k <= real.rows; k++) {
    const [first, second] = orthonormalBasis(rowOf(real, k - 1), rowOf(imaginary, k - 1), negligible)
    const points = embeddings.map((row): Point => [first ? dot(row, first) : 0, second ? dot(row, second) : 0])
    turn(points, k, negligible).forEach(([x, y], j) => {
      data[(k - 1) * 2 * p + j] = x
      data[(k - 1) * 2 * p + p + j] = y
    })
  }
  return { rows: real.rows, columns: 2 * p, data }
}

type Point = readonly [number, number]

/** Of the span of two vectors: two directions, one or none, as what is longer than `negligible` allows. */
function orthonormalBasis(x: Float64Array, y: Float64Array, negligible: number): Float64Array[] {
  const [longer, shorter] = dot(x, x) >= dot(y, y) ? [x, y] : [y, x]
  const basis: Float64Array[] = []
  for (const vector of [longer, shorter]) {
    const rest = rejection(vector, basis)
    const length = Math.sqrt(dot(rest, rest))
    if (length > negligible) basis.push(rest.map((value) => value / length))
  }
  return basis
}

/** The part of a vector orthogonal to the one direction there is so far, taken twice for rounding's sake. */
function rejection(vector: Float64Array, [along]: readonly Float64Array[]): Float64Array {
  if (!along) return vector
  const reject = (from: Float64Array) => {
    const part = dot(from, along)
    return from.map((value, i) => value - part * along[i]!)
  }
  return reject(reject(vector))
}

/** Points turned until token 0 lies on the positive first axis, unless it has no direction, and run with kj. */
function turn(points: readonly Point[], k: number, negligible: number): Point[] {
  const p = points.length
  const [x0, y0] = points[0]!
  const length = Math.hypot(x0, y0)
  const [cosine, sine] = length > negligible ? [x0 / length, y0 / length] : [1, 0]
  const turned = points.map(([x, y]): Point => [cosine * x + sine * y, cosine * y - sine * x])
  const sense = turned.reduce((sum, [, y], j) => sum + y * Math.sin((2 * Math.PI * ((j * k) % p)) / p), 0)
  return sense < 0 ? turned.map(([x, y]): Point => [x, -y]) : turned
}

function rowOf({ columns, data }: MatrixData, row: number): Float64Array {
  return Float64Array.from(data.subarray(row * columns, (row + 1) * columns))
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}
