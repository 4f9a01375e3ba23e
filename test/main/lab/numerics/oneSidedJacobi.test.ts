import { expect, it } from 'vitest'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import { dot, orthogonalize } from '../../../../src/main/lab/numerics/oneSidedJacobi.ts'

/** Columns of A (n × d), the latter half of them shrunk, with an identity under it. */
function columnsOf(n: number, d: number, shrunk: number): Float64Array[] {
  const stream = randomStream(7, 'inputs')
  return Array.from({ length: d }, (_, j) => {
    const scale = j < d / 2 ? 1 : shrunk
    const entry = (i: number) => (i < n ? scale * stream.normal() : Number(i === n + j))
    return Float64Array.from({ length: n + d }, (_, i) => entry(i))
  })
}

it.each([
  [12, 8, 1],
  [12, 8, 1e-6],
  [5, 8, 1],
  [5, 8, 1e-6],
])('a matrix of %i × %i, half of it shrunk by %f, comes apart as A·V = U·diag(s)', (n, d, shrunk) => {
  const given = columnsOf(n, d, shrunk)
  const turned = given.map((column) => column.slice())
  orthogonalize(turned, n)
  const norms = turned.map((column) => Math.sqrt(dot(column, column, n)))
  const largest = Math.max(...norms)
  // As many directions as the matrix has rank, none of which is more than rounding beyond.
  expect(norms.filter((norm) => norm > 1e-15 * largest).length).toBe(Math.min(n, d))
  for (let i = 0; i < d; i++) {
    const V = turned[i]!.subarray(n)
    // Relative to its own length, also of the small ones.
    const bound = norms[i]! > 1e-15 * largest ? 1e-13 * norms[i]! : 1e-14 * largest
    for (let row = 0; row < n; row++) {
      const image = V.reduce((sum, value, j) => sum + value * given[j]![row]!, 0)
      expect(Math.abs(image - turned[i]![row]!)).toBeLessThan(bound)
    }
    for (let j = 0; j < i; j++) {
      const cosine = dot(turned[i]!, turned[j]!, n) / (norms[i]! * norms[j]!)
      if (Math.min(norms[i]!, norms[j]!) > 1e-15 * largest) expect(Math.abs(cosine)).toBeLessThan(1e-14)
      expect(Math.abs(dot(V, turned[j]!.subarray(n)))).toBeLessThan(1e-14)
    }
  }
})
