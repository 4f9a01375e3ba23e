import type { Columns } from './panel.ts'

/** What the rows and columns of a matrix over Fourier features stand for: Re F_1 … F_K, then Im F_1 …; `count` in all. */
export function featureLabels(count: number, K: number): { rowLabels: Columns; columnLabels: Columns } {
  const frequency = Int32Array.from({ length: count }, (_, feature) => (feature % K) + 1)
  const part = Array.from({ length: count }, (_, feature) => (feature < K ? 'Re' : 'Im'))
  return { rowLabels: { frequency, part }, columnLabels: { otherFrequency: frequency, otherPart: part } }
}
