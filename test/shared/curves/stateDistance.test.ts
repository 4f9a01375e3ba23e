import { describe, expect, it } from 'vitest'
import { stateDistance } from '../../../src/shared/curves/stateDistance.ts'

describe('the distance from the reference', () => {
  const path = (speed: number, side: number, times: number[]) => ({
    tau: times,
    matrix: times.map((t) => Float64Array.of(1 + speed * t, side * t)),
  })
  const reference = path(1, 0, [0, 1, 2])

  it('is 0 of itself, also between its snapshots', () => {
    expect([...stateDistance(reference, path(1, 0, [0.5, 1, 1.75])).share]).toEqual([0, 0, 0])
  })

  it('is the share of the reference’s own way', () => {
    const { tau: times, share } = stateDistance(reference, path(1.5, 0, [0, 0.5, 2, 3]))
    // At 0 the reference has not moved; at 3 it is no longer there.
    expect([...times]).toEqual([0.5, 2])
    for (const found of share) expect(found).toBeCloseTo(0.5, 12)
    for (const found of stateDistance(reference, path(1, 0.3, [1, 2])).share) expect(found).toBeCloseTo(0.3, 12)
  })

  it('is not a share of a way that is rounding', () => {
    const still = path(1e-15, 0, [0, 1, 2])
    expect(stateDistance(still, path(1, 0, [1, 2])).tau).toHaveLength(0)
  })

  it('is from where a clock was when it came to stand still, once at each time', () => {
    // Without weight decay from τ = 1 on, or in a stretch, weights go on while the clock does not.
    const still = (...times: number[]) => ({
      tau: times,
      matrix: times.map((t, k) => Float64Array.of(1 + t, times.indexOf(t) === k ? 0 : k)),
    })
    for (const own of [still(0, 0.5, 1, 1, 1), still(0, 0.5, 1, 1, 1, 2)]) {
      const { tau, share } = stateDistance(own, own)
      expect([...tau]).toEqual([...new Set(own.tau)].slice(1))
      expect(share).toEqual(new Float64Array(share.length))
      const line = path(1, 0, [0, 0.5, 1])
      expect(stateDistance(line, own)).toEqual(stateDistance(line, line))
      expect(stateDistance(own, line)).toEqual(stateDistance(line, line))
      // Sums of the same steps in another order.
      const summed = { ...line, tau: [0, 0.5, 1 + 1e-15] }
      expect([...stateDistance(own, summed).share]).toEqual([0, 0])
    }
    const none = still(0, 0, 0)
    expect(stateDistance(none, none).tau).toHaveLength(0)
  })

  it('is not asked for between networks of unequal size', () => {
    const other = { tau: [1], matrix: [Float64Array.of(1, 2, 3)] }
    expect(stateDistance(reference, other).tau).toHaveLength(0)
  })
})
