import { describe, expect, it } from 'vitest'
import { readLatest, withReading } from '../../../../src/renderer/views/runs/liveReadings.ts'
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

  it('are the last that were measured; a gap leaves the one before', () => {
    const first = readLatest(undefined, rows([10, 20], [0.1, 0.2]))
    expect(first).toEqual({ step: 20, tau: 0.02, seconds: 0.4, latest: { testAccuracy: 0.2 } })
    expect(readLatest(first, rows([30], [NaN])).latest.testAccuracy).toBe(0.2)
    expect(readLatest(first, rows([], []))).toEqual(first)
  })

  it('change of a run only what they tell of', () => {
    const live = withReading(run, readLatest(undefined, rows([20], [0.2])))
    const latest = { testAccuracy: 0.2, testMse: 0.5 }
    expect(live).toEqual({ ...run, step: 20, tau: 0.02, seconds: 0.4, latest })
    expect(withReading(run, undefined)).toBe(run)
  })

  it('do not replace a summary that is newer', () => {
    const ended = { ...run, status: 'finished' as const, step: 5000, latest: { testAccuracy: 1 } }
    expect(withReading(ended, readLatest(undefined, rows([4990], [0.9])))).toBe(ended)
  })
})
