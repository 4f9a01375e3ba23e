import fc from 'fast-check'
import { expect, it } from 'vitest'
import { coveringCases } from './support/coveringCases.ts'

it('any two choices, or three, of different lists stand together in some combination, each of them once', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 5 })
  fc.assert(
    fc.property(lengths, fc.integer({ min: 2, max: 3 }), (lengths, strength) => {
      const lists = lengths.map((length) => Array.from({ length }, (_, place) => place))
      const cases = coveringCases<number[]>(lists, strength).map((each) => Object.values(each))
      expect(new Set(cases.map(String)).size).toBe(cases.length)
      for (const some of combinations(lengths)) {
        for (const those of lengths.map((_, list) =>
          Array.from({ length: strength }, (_, i) => (list + i) % lengths.length),
        )) {
          expect(cases.some((each) => those.every((list) => each[list] === some[list]))).toBe(true)
        }
      }
    }),
    { numRuns: 30 },
  )
  expect(coveringCases({ a: [1, 2, 3], b: [4, 5, 6], c: [7, 8, 9], d: [1, 2, 3] }, 2).length).toBeLessThan(15)
})

function combinations(lengths: readonly number[]): number[][] {
  const [first, ...rest] = lengths
  if (first === undefined) return [[]]
  return combinations(rest).flatMap((others) => Array.from({ length: first }, (_, place) => [place, ...others]))
}
