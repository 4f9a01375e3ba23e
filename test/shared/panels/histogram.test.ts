import { expect, it } from 'vitest'
import { histogram } from '../../../src/shared/panels/histogram.ts'

it('counts every entry within its bounds once, in bins that follow one another from end to end', () => {
  const values = Float64Array.from({ length: 1001 }, (_, k) => (k - 500) / 500)
  const { x, until, y } = histogram(values, 0.5)
  expect(y.reduce((sum, count) => sum + count, 0)).toBe(values.filter((v) => v >= -0.5 && v <= 0.5).length)
  expect([x[0], until.at(-1)]).toEqual([-0.5, 0.5])
  expect([...x.subarray(1)]).toEqual([...until.subarray(0, -1)])
})
