import { describe, expect, it } from 'vitest'
import { readLatest, withReadings } from '../../../../src/renderer/views/runs/liveReadings.ts'
import { runSummary } from '../../../support/runSummary.ts'

const rows = (step: number[], testAccuracy: number[]) => ({
  runId: 'a',
  step: Float64Array.from(step),
  tau: Float64Array.from(step, (s) => s / 1000),
  seconds: Float64Array.from(step, (s) => s / 50),
  values: { testAccuracy: Float64Array.from(testAccuracy) },
})

describe('the readings of a live run', () => {
  const run = runSummary({ id: 'a', status: 'running', step: 0, latest: { testAccuracy: 0.01, testMse: 0.5 } })
  const other = runSummary({ id: 'b', step: 5000 })

  it('are the last that were measured; a gap leaves the one before', () => {
    const first = readLatest(undefined, rows([10, 20], [0.1, 0.2]))
    expect(first).toEqual({ step: 20, tau: 0.02, seconds: 0.4, latest: { testAccuracy: 0.2 } })
    expect(readLatest(first, rows([30], [NaN])).latest.testAccuracy).toBe(0.2)
    expect(readLatest(first, rows([], []))).toEqual(first)
  })

  it('change that run alone, and only what they tell of', () => {
    const readings = new Map([['a', readLatest(undefined, rows([20], [0.2]))]])
    const [live, same] = withReadings([run, other], readings)
    const latest = { testAccuracy: 0.2, testMse: 0.5 }
    expect(live).toEqual({ ...run, step: 20, tau: 0.02, seconds: 0.4, latest })
    expect(same).toBe(other)
  })

  it('do not replace a summary that is newer', () => {
    const ended = { ...run, status: 'finished' as const, step: 5000, latest: { testAccuracy: 1 } }
    const readings = new Map([['a', readLatest(undefined, rows([4990], [0.9]))]])
    expect(withReadings([ended], readings)).toEqual([ended])
    const list = [run, other]
    expect(withReadings(list, new Map())).toBe(list)
  })
})
