import { describe, expect, it } from 'vitest'
import { runsProgress } from '../../../../src/renderer/views/paper/runsProgress.ts'
import { runSummary } from '../../../support/runSummary.ts'

const told = (runId: string, step: number, stepsPerSecond: number) =>
  [runId, { runId, step, steps: 100, tau: 0, stepsPerSecond, secondsLeft: 0 }] as const

describe('progress of several runs', () => {
  const runs = [
    runSummary({ id: 'a', status: 'finished', step: 100, steps: 100 }),
    runSummary({ id: 'b', status: 'running', step: 20, steps: 100 }),
    runSummary({ id: 'c', status: 'running', step: 0, steps: 100 }),
    runSummary({ id: 'd', status: 'queued', step: 0, steps: 100 }),
  ]

  it('counts steps done, the rates together, and from both the time left', () => {
    const progress = new Map([told('b', 30, 5), told('c', 10, 5)])
    const { share, finished, total, rate, secondsLeft } = runsProgress(runs, progress)
    expect({ share, finished, total, rate }).toEqual({ share: 140 / 400, finished: 1, total: 4, rate: 10 })
    // 260 steps are left at 10 a second.
    expect(secondsLeft).toBeCloseTo(26)
  })

  it('knows no time left where nothing moves, and none is left at the end', () => {
    expect(runsProgress(runs, new Map()).secondsLeft).toBeNaN()
    expect(runsProgress(runs.slice(0, 1), new Map()).secondsLeft).toBe(0)
    expect(runsProgress([], new Map())).toMatchObject({ share: 0, total: 0, secondsLeft: 0 })
  })

  it('expects nothing more of runs that failed or were cancelled', () => {
    const ended = (['failed', 'cancelled', 'interrupted'] as const).map((status) =>
      runSummary({ id: status, status, step: 40, steps: 100 }),
    )
    expect(runsProgress(ended, new Map()).share).toBe(1)
  })
})
