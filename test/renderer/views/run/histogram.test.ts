import { expect, it } from 'vitest'
import { histogram } from '../../../../src/renderer/views/run/histogram.ts'

it('counts every entry within its bounds once, and steps from end to end', () => {
  const values = Float64Array.from({ length: 1001 }, (_, k) => (k - 500) / 500)
  const { x, y } = histogram(values, 0.5)
  const counts = y.filter((_, corner) => corner % 2 === 0)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.filter((v) => v >= -0.5 && v < 0.5).length)
  expect([x[0], x.at(-1)]).toEqual([-0.5, 0.5])
  for (let corner = 1; corner < x.length; corner++) expect(x[corner]!).toBeGreaterThanOrEqual(x[corner - 1]!)
})
