import { describe, expect, it } from 'vitest'
import { commonSteps, sumCurve, valueAt, withoutUnmeasured } from '../../../src/shared/curves/groupCurves.ts'
import { axisOfStep, horizontalAxes, stepOfAxis } from '../../../src/shared/curves/horizontalAxis.ts'

const curve = (step: number[], value: number[], eta = 0.001) => ({
  step: Float64Array.from(step),
  tau: Float64Array.from(step, (s) => s * eta),
  seconds: Float64Array.from(step, (s) => s / 75),
  value: Float64Array.from(value),
})

describe('a group of curves', () => {
  it('of which one has not begun has no common step', () => {
    expect(commonSteps([Float64Array.of(0, 1), new Float64Array(0)])).toHaveLength(0)
  })

  it('adds up over common steps', () => {
    const sum = sumCurve(curve([0, 1, 2], [1, 2, 3]), curve([1, 2, 3], [10, 20, 30]))
    expect([[...sum.step], [...sum.value]]).toEqual([
      [1, 2],
      [12, 23],
    ])
  })
})

describe('a curve', () => {
  const rising = curve([0, 10, 20, 30], [0, 0.2, 0.7, 1])

  it('tells its value at a step', () => {
    expect([-1, 0, 15, 99].map((step) => valueAt(rising, step))).toEqual([null, 0, 0.2, 1])
  })

  it.each(horizontalAxes)('takes steps to its %s axis and back', (axis) => {
    for (const step of [0, 5, 10, 27, 30]) {
      expect(stepOfAxis(rising, axis, axisOfStep(rising, axis, step))).toBeCloseTo(step, 9)
    }
  })

  it('leaves rows out at which it was not measured, and keeps a gap that is one', () => {
    expect([...withoutUnmeasured(curve([0, 1, 2, 3, 4], [1, NaN, NaN, NaN, 5])).step]).toEqual([0, 4])
    expect([...withoutUnmeasured(curve([0, 1, 2, 3, 4], [1, NaN, 3, NaN, 5])).step]).toEqual([0, 2, 4])
    expect([...withoutUnmeasured(curve([0, 1, 2, 3], [1, NaN, 5, 6])).step]).toEqual([0, 1, 2, 3])
  })

  it('leaves out rows beside its own schedule where they are the fewer, and keeps a gap of that schedule', () => {
    const rows = [0, 1, 10, 100, 200, 300, 400, 500, 600, 700, 1000]
    const ofSchedule = (step: number) => step % 100 === 0
    const sparse = curve(
      rows,
      rows.map((step) => (ofSchedule(step) && step !== 400 ? step : NaN)),
    )
    expect([...withoutUnmeasured(sparse).step]).toEqual(rows.filter(ofSchedule))
  })
})
