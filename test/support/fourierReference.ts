import { expect } from 'vitest'
import type { FourierAnalysis } from '../../src/shared/analysis.ts'
import type { MatrixData } from '../../src/shared/matrix.ts'

/** Numbers of `fourier_reference.py`; those that do not exist are null. */
export type Numbers = Entry | Entry[] | Entry[][]
type Entry = number | null

/** What it computes of a layer, under the names of the analysis. */
export type FourierReference = Record<Exclude<keyof FourierAnalysis, 'step' | 'summary'>, Numbers> & {
  summary: Record<keyof FourierAnalysis['summary'], Numbers>
}

/** Every number of the Fourier view, within 1e-12 of the size of its list. */
export function expectFourier(found: FourierAnalysis, { summary, ...lists }: FourierReference): void {
  for (const [name, expected] of Object.entries(lists)) {
    expectNumbers(name, found[name as keyof typeof lists], expected)
  }
  for (const [name, expected] of Object.entries(summary)) {
    expectNumbers(name, found.summary[name as keyof typeof summary], expected)
  }
}

export function expectNumbers(
  name: string,
  found: number | ArrayLike<number> | MatrixData,
  expected: Numbers,
  tolerance = 1e-12,
): void {
  const flat = [expected].flat(2) as Entry[]
  const values = typeof found === 'number' ? [found] : Array.from('data' in found ? found.data : found)
  expect([name, values.length]).toEqual([name, flat.length])
  const size = flat.reduce<number>((max, value) => Math.max(max, Math.abs(value ?? 0)), 1)
  const off = flat.flatMap((value, at) =>
    (value === null ? Number.isNaN(values[at]) : Math.abs(values[at]! - value) <= tolerance * size)
      ? []
      : [[at, values[at], value]],
  )
  expect([name, off]).toEqual([name, []])
}
