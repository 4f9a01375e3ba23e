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

  it('have times in common that differ by rounding: of 1e-9, or of that share where they are above 1', () => {
    const commonTo = (tau: number, other: number) =>
      trajectoryComparison(
        line([0, tau], (at) => [at, 0]),
        line([0, other], (at) => [at, 0]),
      ).tau.length
    expect([commonTo(0.1, 0.1 + 5e-10), commonTo(0.1, 0.1 + 5e-9)]).toEqual([1, 0])
    expect([commonTo(1000, 1000 + 5e-7), commonTo(1000, 1000 + 5e-6)]).toEqual([1, 0])
  })

  it('without a time in common have nothing to compare', () => {
    expect(
      trajectoryComparison(
        reference,
        line([7], (tau) => [tau, 0]),
      ).relativeDistance,
    ).toHaveLength(0)
  })

  it('of several layers are those of one that holds them all', () => {
    const whole = line([0, 1, 2], (tau) => [1 + tau, tau * tau])
    const other = line([0, 1, 2], (tau) => [1 + 2 * tau, Math.sin(tau)])
    const inLayers = (points: typeof whole) =>
      points.map(({ tau, layers }) => {
        const { data } = layers[0]!
        return { tau, layers: [0, 1].map((i) => ({ rows: 1, columns: 1, data: data.subarray(i, i + 1) })) }
      })
    expect(trajectoryComparison(inLayers(whole), inLayers(other))).toEqual(trajectoryComparison(whole, other))
  })

  it('of which one layer, or one end of a way, is in float32 have moved where that can tell', () => {
    const still = (Real: typeof Float32Array | typeof Float64Array, at: number) => [
      { rows: 1, columns: 1, data: Float64Array.of(1 + 1e-9 * at) },
      { rows: 1, columns: 1, data: Real.of(1) },
    ]
    const way = (from: typeof Float32Array | typeof Float64Array, to: typeof Float32Array | typeof Float64Array) => {
      const points = [0, 1].map((tau) => ({ tau, layers: still(to, tau) }))
      return trajectoryComparison(points, points, still(from, 0)).relativeDistance[0]
    }
    expect(way(Float64Array, Float64Array)).toBe(0)
    expect([way(Float32Array, Float64Array), way(Float64Array, Float32Array)]).toEqual([NaN, NaN])
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
