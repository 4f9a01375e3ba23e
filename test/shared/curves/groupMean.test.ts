import { describe, expect, it } from 'vitest'
import { CurveBuffer } from '../../../src/shared/curves/curveBuffer.ts'
import { meanOfRuns } from '../../../src/shared/curves/groupMean.ts'

const rows = (steps: number[], valueAt: (step: number) => number) => ({
  step: Float64Array.from(steps),
  tau: Float64Array.from(steps, (step) => step / 1000),
  seconds: Float64Array.from(steps, (step) => step / 75),
  values: { testMse: Float64Array.from(steps, valueAt) },
})

function buffersOf(...runs: { steps: number[]; valueAt: (step: number) => number }[]): CurveBuffer[] {
  return runs.map(({ steps, valueAt }) => {
    const buffer = new CurveBuffer(['testMse'])
    if (steps.length > 0) buffer.append(rows(steps, valueAt))
    return buffer
  })
}

const every = (by: number, end: number) => Array.from({ length: Math.floor(end / by) + 1 }, (_, k) => by * k)

describe('the mean of runs', () => {
  it('is over the steps that all have, and no others', () => {
    const buffers = buffersOf(
      { steps: [0, 10, 20, 30], valueAt: (step) => step },
      { steps: [0, 20, 30, 40], valueAt: (step) => 3 * step },
    )
    const { step, tau, value } = meanOfRuns(buffers, 'testMse')!
    expect([...step]).toEqual([0, 20, 30])
    expect([...tau]).toEqual([0, 0.02, 0.03])
    expect([...value]).toEqual([0, 40, 60])
  })

  it('that grow is the same as if all rows had been there at once, whichever run is ahead', () => {
    const schedules = [every(2, 600), every(3, 600), every(1, 600)]
    const valueAt = [Math.sin, Math.cos, Math.sqrt]
    const whole = buffersOf(...schedules.map((steps, c) => ({ steps, valueAt: valueAt[c]! })))
    const growing = buffersOf(...schedules.map((_, c) => ({ steps: [], valueAt: valueAt[c]! })))
    const sent = [0, 0, 0]
    for (let turn = 0; sent.some((count, c) => count < schedules[c]!.length); turn++) {
      const c = [1, 1, 2, 0, 0, 2][turn % 6]!
      const portion = schedules[c]!.slice(sent[c], sent[c]! + 1 + ((7 * turn) % 23))
      if (portion.length > 0) growing[c]!.append(rows(portion, valueAt[c]!))
      sent[c]! += portion.length
      meanOfRuns(growing, 'testMse')
    }
    const mean = meanOfRuns(growing, 'testMse')!
    expect([...mean.step]).toEqual(every(6, 600))
    expect(mean).toEqual(meanOfRuns(whole, 'testMse'))
  })

  it('stays the same object until there is more, and leaves what was handed out as it was', () => {
    const buffers = buffersOf({ steps: [0, 1], valueAt: () => 1 }, { steps: [0, 1], valueAt: () => 3 })
    const before = meanOfRuns(buffers, 'testMse')!
    expect(meanOfRuns(buffers, 'testMse')).toBe(before)
    buffers[0]!.append(rows([2], () => 1))
    expect(meanOfRuns(buffers, 'testMse')).toBe(before)
    buffers[1]!.append(rows([2], () => 5))
    expect([...meanOfRuns(buffers, 'testMse')!.value]).toEqual([2, 2, 3])
    expect([...before.value]).toEqual([2, 2])
  })

  it('is worked out anew where rows came in between', () => {
    const buffers = buffersOf({ steps: [0, 100], valueAt: () => 1 }, { steps: [0, 100], valueAt: () => 3 })
    expect([...meanOfRuns(buffers, 'testMse')!.step]).toEqual([0, 100])
    for (const buffer of buffers) {
      const { values, ...axes } = rows([0, 50, 100], () => 8)
      buffer.refine({ testMse: { ...axes, value: values.testMse } })
    }
    expect([...meanOfRuns(buffers, 'testMse')!.step]).toEqual([0, 50, 100])
  })

  it('has gaps where one of them has', () => {
    const buffers = buffersOf({ steps: [0, 1], valueAt: (s) => (s ? NaN : 1) }, { steps: [0, 1], valueAt: () => 3 })
    expect([...meanOfRuns(buffers, 'testMse')!.value]).toEqual([2, NaN])
  })

  it('is none of one run, and empty while one of several has not begun', () => {
    expect(meanOfRuns([], 'testMse')).toBeNull()
    expect(meanOfRuns(buffersOf({ steps: [0], valueAt: () => 1 }), 'testMse')).toBeNull()
    const buffers = buffersOf({ steps: [0, 1], valueAt: () => 1 }, { steps: [], valueAt: () => 1 })
    expect(meanOfRuns(buffers, 'testMse')!.step).toHaveLength(0)
  })
})
