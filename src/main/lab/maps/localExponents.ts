/**
 * The exponent ∂ln y/∂ln x at each place of a line of values, x ascending: the slope at the place of the parabola through it and its
 * neighbors in ln x, of an end, or beside a gap, of the straight line to the one neighbor there is. NaN where y (or x) is not positive or not known, and where
 * neither neighbor is.
 */
export function localExponents(x: readonly number[], y: readonly number[]): number[] {
  const [u, v] = [x.map(Math.log), y.map(Math.log)]
  const slope = (i: number, j: number) => (v[j]! - v[i]!) / (u[j]! - u[i]!)
  const isKnown = (i: number) => i >= 0 && i < u.length && Number.isFinite(u[i]!) && Number.isFinite(v[i]!)
  return u.map((at, i) => {
    if (!isKnown(i)) return NaN
    const [before, after] = [isKnown(i - 1), isKnown(i + 1)]
    if (before && after) {
      const [left, right] = [at - u[i - 1]!, u[i + 1]! - at]
      return (right * slope(i - 1, i) + left * slope(i, i + 1)) / (left + right)
    }
    if (before) return slope(i - 1, i)
    return after ? slope(i, i + 1) : NaN
  })
}
