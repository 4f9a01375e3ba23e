const maxSweeps = 60

/** Of the whole: what is shorter is rounding, and orthogonal to nothing. */
const shortestShare = 1e-15

/**
 * Rotates vectors in their planes, in place, until all are orthogonal over their first `length` entries; what stands after
 * these is carried along. The columns of a matrix become U·diag(s), to a relative error near rounding also for s far below
 * the largest (down to 1e-15·‖A‖_F), and an identity that they carry becomes the matrix V of the rotations, A·V = U·diag(s).
 * Demmel & Veselić 1992, *Jacobi's method is more accurate than QR*; Golub & Van Loan, 8.6.
 */
export function orthogonalize(vectors: readonly Float64Array[], length = vectors[0]?.length ?? 0): void {
  const whole = vectors.reduce((sum, vector) => sum + dot(vector, vector, length), 0)
  const negligible = shortestShare ** 2 * whole
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let rotated = false
    for (let i = 1; i < vectors.length; i++) {
      for (let j = 0; j < i; j++) rotated = rotate(vectors[i]!, vectors[j]!, length, negligible) || rotated
    }
    if (!rotated) return
  }
}

/** Rotates x and y in their plane until they are orthogonal; whether it had to. */
function rotate(x: Float64Array, y: Float64Array, length: number, negligible: number): boolean {
  const xx = dot(x, x, length)
  const yy = dot(y, y, length)
  const xy = dot(x, y, length)
  if (xx <= negligible || yy <= negligible || Math.abs(xy) <= 1e-15 * Math.sqrt(xx * yy)) return false
  const zeta = (yy - xx) / (2 * xy)
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
  const cosine = 1 / Math.hypot(1, tangent)
  const sine = cosine * tangent
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!]
    x[i] = cosine * a - sine * b
    y[i] = sine * a + cosine * b
  }
  return true
}

/** x·y over the first entries. */
export function dot(x: Float64Array, y: Float64Array, length = x.length): number {
  let sum = 0
  for (let i = 0; i < length; i++) sum += x[i]! * y[i]!
  return sum
}
