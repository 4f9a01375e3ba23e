import { describe, expect, it } from 'vitest'
import { trajectoryComparison } from '../../../../src/main/lab/analysis/trajectoryComparison.ts'

const line = (taus: number[], at: (tau: number) => number[]) =>
  taus.map((tau) => ({ tau, layers: [{ rows: 1, columns: 2, data: Float64Array.from(at(tau)) }] }))

describe('two trajectories on one clock', () => {
  const reference = line([0, 0.5, 1, 1.5], (tau) => [tau, 0])

  it('agree with themselves', () => {
    const { tau, relativeDistance, velocityCosine, displacementRatio } = trajectoryComparison(reference, reference)
    expect([...tau]).toEqual([0.5, 1, 1.5])
    expect([...relativeDistance]).toEqual([0, 0, 0])
    expect([...velocityCosine]).toEqual([1, 1, 1])
    expect([...displacementRatio]).toEqual([1, 1, 1])
  })

  it('are compared at common times only, in the units of the reference’s displacement', () => {
    const other = line([0, 0.7, 1, 1.5], (tau) => [0, 2 * tau])
    const { tau, relativeDistance, velocityCosine, displacementRatio } = trajectoryComparison(reference, other)
    expect([...tau]).toEqual([1, 1.5])
    for (const value of relativeDistance) expect(value).toBeCloseTo(Math.sqrt(5), 12)
    for (const value of velocityCosine) expect(value).toBeCloseTo(0, 12)
    for (const value of displacementRatio) expect(value).toBeCloseTo(2, 12)
  })

  it('count the displacement from a given origin', () => {
    const origin = [{ rows: 1, columns: 2, data: Float64Array.of(-1, 0) }]
    const other = line([0, 1], (tau) => [tau, 1])
    expect(trajectoryComparison(reference, other, origin).relativeDistance[0]).toBeCloseTo(0.5, 12)
  })

  it('have no share of a way that is rounding, and no direction there', () => {
    const still = line([0, 0.5, 1], (tau) => [1, 1e-14 * tau])
    const moving = line([0, 0.5, 1], (tau) => [1 + tau, 0])
    const fromStill = trajectoryComparison(still, moving)
    for (const list of [fromStill.relativeDistance, fromStill.displacementRatio, fromStill.velocityCosine]) {
      expect([...list]).toEqual([NaN, NaN])
    }
    const toStill = trajectoryComparison(moving, still)
    for (const value of toStill.relativeDistance) expect(value).toBeCloseTo(1, 12)
    expect([...toStill.velocityCosine]).toEqual([NaN, NaN])
  })
})
