import { expect, it } from 'vitest'
import { countedVerdicts } from '../../../src/shared/formatting/countedVerdicts.ts'
import { claim } from '../../support/claim.ts'

it('counts each verdict once, those that are there', () => {
  const of = (...verdicts: ('holds' | 'not held' | 'outside' | 'pending')[]) =>
    countedVerdicts(verdicts.map((verdict) => claim({ verdict })))
  expect(of('holds')).toBe('1 holds')
  expect(of('pending', 'holds', 'outside', 'not held', 'holds')).toBe('2 hold, 1 not held, 1 outside, 1 pending')
  expect(of()).toBe('')
})
