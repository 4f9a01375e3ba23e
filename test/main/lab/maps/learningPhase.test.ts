import { describe, expect, it } from 'vitest'
import { learningPhase, phaseOfRun } from '../../../../src/main/lab/maps/learningPhase.ts'
import type { ErrorCode } from '../../../../src/shared/errors.ts'
import { usualThresholds } from '../../../../src/shared/map/mapOptions.ts'
import type { RunMoments } from '../../../../src/shared/run.ts'
import { runSummary } from '../../../support/runSummary.ts'

const moment = (step: number) => ({ step, tau: 0, value: 1 })
const phase = (memorized: number | null, generalized: number | null, thresholds = usualThresholds) =>
  learningPhase(
    {
      ...(memorized === null ? {} : { memorized: moment(memorized) }),
      ...(generalized === null ? {} : { generalized: moment(generalized) }),
    },
    thresholds,
  )

describe('the phase of a run', () => {
  it('is told by what came, and by the delay', () => {
    expect(phase(100, 300)).toBe('comprehension')
    expect(phase(100, 1099)).toBe('comprehension')
    expect(phase(100, 1100)).toBe('grokking')
    expect(phase(100, null)).toBe('memorization')
    expect(phase(null, null)).toBe('confusion')
    expect(phase(300, 100)).toBe('comprehension')
    expect(phase(null, 5000)).toBe('comprehension')
  })

  it('follows its thresholds', () => {
    expect(phase(100, 300, { delay: 200 })).toBe('grokking')
    expect(phase(100, 6000, { delay: 1000, within: 5000 })).toBe('memorization')
    expect(phase(100, 6000, { delay: 1000, within: 50 })).toBe('confusion')
    expect(phase(100, 5000, { delay: 1000, within: 5000 })).toBe('grokking')
  })

  it('is none of one that diverged before it generalized, as far as is looked', () => {
    const events = { memorized: moment(100), generalized: moment(6000) }
    const failed = (step: number, code: ErrorCode, events: RunMoments) =>
      runSummary({ status: 'failed', code, step, events })
    const diverged = failed(8000, 'DIVERGED', events)
    expect(phaseOfRun(diverged, { delay: 1000 })).toBe('grokking')
    expect(phaseOfRun(diverged, { delay: 1000, within: 5000 })).toBe('memorization')
    const early = failed(4000, 'DIVERGED', { memorized: moment(100) })
    expect(phaseOfRun(early, { delay: 1000, within: 5000 })).toBe('diverged')
    expect(phaseOfRun(early, { delay: 1000, within: 3000 })).toBe('memorization')
    expect(phaseOfRun(failed(4000, 'WORKER_DIED', {}), { delay: 1000 })).toBe(null)
  })
})
