import { describe, expect, it } from 'vitest'
import { learningPhase } from '../../../../src/main/lab/maps/learningPhase.ts'
import { usualThresholds } from '../../../../src/shared/map/mapOptions.ts'

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
})
