import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextTable } from '../../../src/main/store/textTable.ts'

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('', 'ß', 'seed 1', 'seed 10'))

describe('a table of texts', () => {
  it('gives each text one number, in the order in which they came, and the text for the number', () => {
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (first, second) => {
        const table = TextTable.of(first).settle()
        const numbers = second.map((each) => table.add(each))
        const distinct = [...new Set([...first, ...second])]
        expect([...table]).toEqual(distinct)
        expect(numbers).toEqual(second.map((each) => distinct.indexOf(each)))
        expect(distinct.map((_, number) => table.at(number))).toEqual(distinct)
        expect([table.at(-1), table.at(distinct.length)]).toEqual([undefined, undefined])
      }),
    )
  })

  it('finds each of many, of which the parts are one text', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `${'é'.repeat(i % 3)}run ${(i * 7919) % 5000}`)
    const table = TextTable.of(many)
    expect(table.length).toBe(5000)
    expect(many.map((each) => table.add(each))).toEqual(many.map((_, i) => i))
    expect([...table]).toEqual(many)
    expect([5000, 6000].map((number) => table.at(number))).toEqual([undefined, undefined])
    const characters = many.join('').length
    const growing = table.byteLength
    expect(table.settle().byteLength).toBeLessThan(growing)
    expect(table.settle().byteLength).toBeGreaterThanOrEqual(characters)
    expect(table.byteLength).toBeLessThan(characters + 8 * 5000)
  })

  it('finds what contains a text in letters of either case, as each is searched alone', () => {
    const word = fc.array(fc.constantFrom('a', 'A', 'b', 'seed 1', 'Σ', 'İ', 'ß', 'K'), { maxLength: 3 })
    const words = word.map((letters) => letters.join(''))
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), words, fc.boolean(), (some, needed, isPlain) => {
        // More than one part, in which neighbors together contain what neither does.
        const many = Array.from({ length: 2500 }, (_, i) => `${i % 7 === 0 ? 'b' : 'a'}${i}${i % 3 === 0 ? 'A' : 'B'}`)
        const table = TextTable.of([...many, ...(isPlain ? [] : some), ...many.map((each) => `${each} seed`)]).settle()
        const expected = [...table].map((each) => Number(each.toLowerCase().includes(needed.toLowerCase())))
        expect([...table.containing(needed)]).toEqual(expected)
      }),
      { numRuns: 60, examples: [[['ΑΣ', 'Α'], 'ς', false]] },
    )
  })
})
