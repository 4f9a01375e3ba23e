/**
 * A point of Sobol's sequence in [0, 1)^dimensions, up to 10: of the first 2^k points one lies in each 2^k-th part of every
 * axis. Direction numbers new-joe-kuo-6.21201, Joe & Kuo 2008 (doi 10.1137/070709359).
 */
export function sobolPoint(index: number, dimensions: number): number[] {
  const gray = index ^ (index >>> 1)
  return directions.slice(0, dimensions).map((numbers) => {
    let bits = 0
    for (let bit = 0; bit < width; bit++) if ((gray >>> bit) & 1) bits ^= numbers[bit]!
    return (bits >>> 0) / 2 ** width
  })
}

const width = 32

/** Of each axis beyond the first: coefficients of its primitive polynomial, and the first m. */
const polynomials: readonly [coefficients: number, m: readonly number[]][] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
]

const directions: readonly (readonly number[])[] = [
  Array.from({ length: width }, (_, bit) => (2 ** (width - 1 - bit)) | 0),
  ...polynomials.map(([coefficients, m]) => directionNumbers(coefficients, m)),
]

function directionNumbers(coefficients: number, m: readonly number[]): number[] {
  const degree = m.length
  const numbers = m.map((value, bit) => value << (width - 1 - bit))
  for (let bit = degree; bit < width; bit++) {
    const last = numbers[bit - degree]!
    let next = last ^ (last >>> degree)
    for (let k = 1; k < degree; k++) {
      if ((coefficients >>> (degree - 1 - k)) & 1) next ^= numbers[bit - k]!
    }
    numbers.push(next)
  }
  return numbers
}
