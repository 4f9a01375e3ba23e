import { describe, expect, it } from 'vitest'
import { createEventDetector } from '../../../src/main/lab/eventDetector.ts'
import type { Measurements } from '../../../src/shared/run.ts'
import { runSpec } from '../../support/runs.ts'

function detector(thresholds: { memorizeThreshold?: number; generalizeThreshold?: number } = {}) {
  const spec = runSpec({
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    dynamics: { kind: 'isolated', steps: 1 },
    record: thresholds,
  })
  const { fromMeasurements, ...rest } = createEventDetector(spec)
  const context = { pull: 1, guessAccuracy: 0.25 }
  return { ...rest, fromMeasurements: (values: Measurements) => fromMeasurements(1, values, context) }
}

describe('events', () => {
  it('are found at their thresholds, ends included, and once', () => {
    const { fromMeasurements } = detector({ memorizeThreshold: 0.9, generalizeThreshold: 0.8 })
    expect(fromMeasurements({ trainAccuracy: 0.8999, testAccuracy: 0.4999 })).toEqual([])
    expect(fromMeasurements({ trainAccuracy: 0.9, testAccuracy: 0 })).toEqual([{ name: 'memorized', value: 0.9 }])
    expect(fromMeasurements({ trainAccuracy: 1, testAccuracy: 0.5 })).toEqual([{ name: 'halfRise', value: 0.5 }])
    expect(fromMeasurements({ testAccuracy: 0.8 })).toEqual([{ name: 'generalized', value: 0.8 }])
    expect(fromMeasurements({ trainAccuracy: 1, testAccuracy: 1 })).toEqual([])
  })

  it('can all come at once, and never from what was not measured', () => {
    const { fromMeasurements } = detector()
    expect(fromMeasurements({})).toEqual([])
    expect(fromMeasurements({ trainAccuracy: NaN, testAccuracy: NaN })).toEqual([])
    const found = fromMeasurements({ trainAccuracy: 1, testAccuracy: 1 })
    expect(found.map(({ name }) => name)).toEqual(['memorized', 'halfRise', 'generalized'])
  })

  it('find that pre-activations chatter from 1 % of them on, and not where that is not known', () => {
    const { fromMeasurements } = detector()
    expect([NaN, 0, 0.0099].flatMap((chatteringShare) => fromMeasurements({ chatteringShare }))).toEqual([])
    expect(fromMeasurements({ chatteringShare: 0.01 })).toEqual([{ name: 'chattering', value: 0.01 }])
    expect(fromMeasurements({ chatteringShare: 0.2 })).toEqual([])
  })

  it('flag the first local error above 0.05', () => {
    const { fromLocalError } = detector()
    expect([NaN, 0, 0.05].flatMap(fromLocalError)).toEqual([])
    expect(fromLocalError(0.0501)).toEqual([{ name: 'localErrorExceeded', value: 0.0501 }])
    expect(fromLocalError(7)).toEqual([])
  })

  it('are not found again by a resumed run', () => {
    const before = detector()
    before.fromMeasurements({ trainAccuracy: 1, testAccuracy: 0.6 })
    before.fromLocalError(1)
    const after = detector()
    after.restore(before.scalars())
    expect(after.fromLocalError(1)).toEqual([])
    const found = after.fromMeasurements({ trainAccuracy: 1, testAccuracy: 1 })
    expect(found.map(({ name }) => name)).toEqual(['generalized'])
    expect(Object.keys(detector().scalars())).toEqual([])
  })
})
