import { describe, expect, it } from 'vitest'
import { CurveBuffer } from '../../../src/shared/curves/curveBuffer.ts'
import { meanOfRuns } from '../../../src/shared/curves/groupMean.ts'

const rows = (steps: number[], values: Record<string, number[]>) => ({
  step: Float64Array.from(steps),
  tau: Float64Array.from(steps, (step) => step / 1000),
  seconds: Float64Array.from(steps, (step) => step / 75),
  values: Object.fromEntries(Object.entries(values).map(([name, list]) => [name, Float64Array.from(list)])),
})

describe('CurveBuffer', () => {
  it('grows by the rows that come, in any portions, as if they had come at once', () => {
    const all = Array.from({ length: 1000 }, (_, k) => k)
    const whole = new CurveBuffer(['trainLoss'])
    whole.append(rows(all, { trainLoss: all }))
    const parts = new CurveBuffer(['trainLoss'])
    for (let from = 0; from < 1000; from += 7) {
      const part = all.slice(from, from + 7)
      parts.append(rows(part, { trainLoss: part }))
    }
    expect(parts.curve('trainLoss')).toEqual(whole.curve('trainLoss'))
  })

  it('takes each row once, though answer and events overlap', () => {
    const { step, tau, seconds } = rows([0, 1, 2], {})
    const buffer = new CurveBuffer(['testMse'], { testMse: { step, tau, seconds, value: Float64Array.of(9, 8, 7) } })
    expect(buffer.append(rows([1, 2], { testMse: [80, 70] }))).toBe(false)
    expect(buffer.append(rows([2, 3], { testMse: [70, 6] }))).toBe(true)
    expect([...buffer.curve('testMse')!.value]).toEqual([9, 8, 7, 6])
  })

  it('leaves views that were handed out as they were', () => {
    const buffer = new CurveBuffer(['testMse'])
    buffer.append(rows([0], { testMse: [1] }))
    const before = buffer.curve('testMse')!
    buffer.append(rows([1], { testMse: [2] }))
    expect([...before.value]).toEqual([1])
  })

  it('takes rows in between, in order and each step once', () => {
    const curve = (steps: number[]) => {
      const { step, tau, seconds } = rows(steps, {})
      return { testMse: { step, tau, seconds, value: Float64Array.from(steps, (at) => 2 * at) } }
    }
    const buffer = new CurveBuffer(['testMse'], curve([0, 100, 200]))
    buffer.refine(curve([0, 1, 2, 50, 100, 150]))
    expect(buffer.curve('testMse')).toEqual(curve([0, 1, 2, 50, 100, 150, 200]).testMse)
    buffer.append(rows([250], { testMse: [500] }))
    expect(buffer.curve('testMse')!.step.at(-1)).toBe(250)
  })

  it('holds a bounded number of rows however long it is watched, spread over all of the run, alike for runs alike', () => {
    const grown = [1000, 777].map((portion) => {
      const buffer = new CurveBuffer(['testMse'])
      for (let from = 0; from < 400_000; from += portion) {
        const part = Array.from({ length: Math.min(portion, 400_000 - from) }, (_, k) => from + k)
        buffer.append(rows(part, { testMse: part }))
      }
      return buffer.curve('testMse')!
    })
    for (const { step, tau, value } of grown) {
      expect(step.length).toBeLessThanOrEqual(65_536)
      expect(step[0]).toBe(0)
      expect(step.at(-1)).toBeGreaterThan(399_980)
      expect(value).toEqual(step)
      expect(tau).toEqual(step.map((at) => at / 1000))
      const widest = step.slice(1).reduce((max, at, place) => Math.max(max, at - step[place]!), 0)
      expect(widest).toBeLessThanOrEqual(32)
    }
    expect(grown[0]!.step).toEqual(grown[1]!.step)
  })

  it('keeps what stood out while it was watched, however long ago', () => {
    const buffer = new CurveBuffer(['testMse'])
    const valueAt = (step: number) => (step === 123_457 ? 9 : step === 23_456 ? -9 : Math.sin(step))
    for (let from = 0; from < 600_000; from += 1000) {
      const part = Array.from({ length: 1000 }, (_, k) => from + k)
      buffer.append(rows(part, { testMse: part.map(valueAt) }))
    }
    const { step, value } = buffer.curve('testMse')!
    expect(step.length).toBeLessThanOrEqual(65_536)
    expect([step[value.indexOf(9)], step[value.indexOf(-9)]]).toEqual([123_457, 23_456])
    expect([...step.subarray(0, 200)]).toEqual(Array.from({ length: 200 }, (_, k) => k))
  })

  it('keeps steps that runs measured alike have in common, over all of them, whatever they measured', () => {
    const grown = [Math.sin, Math.cos].map((valueAt, run) => {
      const buffer = new CurveBuffer(['testMse'])
      for (let from = 0; from < 300_000; from += 1000 + run) {
        const part = Array.from({ length: 1000 + run }, (_, k) => from + k)
        buffer.append(rows(part, { testMse: part.map(valueAt) }))
      }
      return buffer
    })
    const { step } = meanOfRuns(grown, 'testMse')!
    const widest = step.slice(1).reduce((max, at, place) => Math.max(max, at - step[place]!), 0)
    expect([step[0], widest]).toEqual([0, 32])
    expect(step.at(-1)).toBeGreaterThan(299_900)
  })

  it('ends where its newest row is, of whichever measurement, also once rows were let go', () => {
    const buffer = new CurveBuffer(['testMse', 'trainLoss'])
    expect(buffer.end).toBeUndefined()
    buffer.append(rows([0, 10], { testMse: [1, 2] }))
    buffer.append(rows([10, 20], { trainLoss: [1, 2] }))
    expect(buffer.end).toEqual({ step: 20, tau: 0.02 })
    const many = Array.from({ length: 70_000 }, (_, k) => 21 + k)
    buffer.append(rows(many, { trainLoss: many }))
    expect(buffer.end).toEqual({ step: 70_020, tau: 70.02 })
  })

  it('goes on with curves that begin at its newest row, and knows those that are of something else', () => {
    const curve = (steps: number[], factor = 2) => {
      const { step, tau, seconds } = rows(steps, {})
      return { testMse: { step, tau, seconds, value: Float64Array.from(steps, (at) => factor * at) } }
    }
    const buffer = new CurveBuffer(['testMse', 'trainLoss'], curve([0, 10, 20]))
    expect(buffer.newest).toBe(20)
    expect([curve([20, 30]), curve([20, 30], 3), curve([30]), {}].map((each) => buffer.isContinuedBy(each))).toEqual([
      ...[true, false, false, false],
    ])
    buffer.extend(curve([20, 30]))
    expect(buffer.curve('testMse')).toEqual(curve([0, 10, 20, 30]).testMse)
  })

  it('has no curve of what is not measured, and ignores what is not followed', () => {
    const buffer = new CurveBuffer(['testMse'])
    expect(buffer.append(rows([0], { trainLoss: [1] }))).toBe(false)
    expect(buffer.curve('testMse')).toBeUndefined()
    expect(buffer.curve('trainLoss')).toBeUndefined()
  })
})
