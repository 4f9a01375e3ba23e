import { describe, expect, it } from 'vitest'
import { countThings, nameThings } from '../../../src/shared/formatting/countThings.ts'

describe('a number of things', () => {
  it('is in the singular where it is one', () => {
    expect([0, 1, 2].map((count) => countThings(count, 'step'))).toEqual(['0 steps', '1 step', '2 steps'])
    expect(countThings(20_000, 'run')).toBe('20\u2009000 runs')
    expect([1, 7].map((count) => nameThings(count, 'place'))).toEqual(['place', 'places'])
  })
})
