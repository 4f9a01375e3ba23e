import { describe, expect, it } from 'vitest'
import { checkpointSpacing } from '../../../src/main/lab/checkpointSpacing.ts'

/** How many checkpoints a run of so many seconds makes, each as soon as it is due. */
function countIn(seconds: number, options: { kept: boolean }): number {
  let count = 0
  for (let now = 0; ; count++) {
    now += checkpointSpacing(now, options) / 1000
    if (now > seconds) return count
  }
}

const [hour, day] = [3600, 86_400]

describe('the time between checkpoints', () => {
  it('is half a minute where the next takes the place of the one before', () => {
    expect(countIn(hour, { kept: false })).toBe(120)
    expect(countIn(day, { kept: false })).toBe(2880)
  })

  it('grows with the run where all are kept: each day has about as many more as the last doubling', () => {
    expect(countIn(600, { kept: true })).toBe(20)
    expect(countIn(day, { kept: true })).toBeLessThan(130)
    const ofDoubling = Math.log(2) / Math.log(1.05)
    expect(countIn(2 * day, { kept: true }) - countIn(day, { kept: true })).toBeCloseTo(ofDoubling, -1)
  })

  it('loses no more than half a minute or a twentieth of the run', () => {
    for (const seconds of [0, 1, 599, 601, hour, day]) {
      expect(checkpointSpacing(seconds, { kept: true })).toBe(1000 * Math.max(30, seconds / 20))
    }
  })
})
