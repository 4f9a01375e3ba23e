import { describe, expect, it } from 'vitest'
import {
  claimHint,
  describeExpected,
  describeMeasured,
  describeVerdict,
} from '../../../src/shared/formatting/describeClaim.ts'
import { claim } from '../../support/claim.ts'

describe('a claim in words', () => {
  it.each([
    [{}, 'holds'],
    [{ verdict: 'not held' }, 'not held, though declared to hold'],
    [{ verdict: 'outside' }, 'outside the expected range, though declared to hold'],
    [{ verdict: 'not held', declared: 'not held' }, 'not held, as declared'],
    [{ verdict: 'holds', declared: 'not held' }, 'holds, though declared not held'],
    [{ verdict: 'pending', declared: 'not held' }, 'pending: not every run is finished'],
  ] as const)('has a verdict %#', (given, words) => expect(describeVerdict(claim(given))).toBe(words))

  it('has what was measured, so far where it is pending', () => {
    expect(describeMeasured(claim())).toBe('0.998–1.000')
    expect(describeMeasured(claim({ verdict: 'pending' }))).toBe('so far 0.998–1.000')
    expect(describeMeasured(claim({ verdict: 'pending', measured: null }))).toBe('')
    expect(describeMeasured(claim({ verdict: 'outside', measured: null }))).toBe('nothing')
    expect(describeExpected(claim({ expected: '0.2 … 1' }))).toBe('0.2–1')
  })

  it('has a hint with all of it, the reason of a finding too', () => {
    const reason = 'Euler overshoots.'
    expect(claimHint(claim({ verdict: 'not held', declared: 'not held', reason }), '5 of 5 seeds')).toBe(
      'Test accuracy at step 2600: 0.998–1.000, expected ≥ 0.995; not held, as declared; 5 of 5 seeds. ' +
        'Euler overshoots. Musat, Fig. 6',
    )
  })
})
