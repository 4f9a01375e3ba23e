import { describe, expect, it } from 'vitest'
import { clockReading } from '../../../../src/renderer/views/run/clockReading.ts'

const step = Float64Array.of(0, 10, 20)
const rows = { step, tau: Float64Array.of(0, 1, 4), seconds: step, value: step }
const now = { step: 40, tau: 10 }

describe('the clock of a run', () => {
  it('is known where the run is, before any of its rows has come', () => {
    expect(clockReading(null, { step: 1_000_000, tau: 2500 }, 1_000_000)).toBe(2500)
    expect(clockReading(null, { step: 1_000_000, tau: 2500 }, 400_000)).toBe(1000)
    expect(clockReading(null, { step: 0, tau: 0 }, 0)).toBe(0)
  })

  it('is that of the rows as far as they go, and from the last of them goes evenly to where the run is', () => {
    expect([0, 5, 10, 15, 20, 30, 40].map((at) => clockReading(rows, now, at))).toEqual([0, 0.5, 1, 2.5, 4, 7, 10])
  })

  it('stands where the run is beyond that, and where rows have come further than it was told', () => {
    expect(clockReading(rows, now, 90)).toBe(10)
    expect(clockReading(rows, { step: 10, tau: 1 }, 30)).toBe(4)
  })
})
