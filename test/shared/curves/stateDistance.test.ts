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

  it('is not asked for between networks of unequal size', () => {
    const other = { tau: [1], matrix: [Float64Array.of(1, 2, 3)] }
    expect(stateDistance(reference, other).tau).toHaveLength(0)
  })
})
