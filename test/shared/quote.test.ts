import { describe, expect, it } from 'vitest'
import { quote } from '../../src/shared/quote.ts'
import { acts, hostileText } from '../support/hostileText.ts'

/** Lists within lists, made without recursion. */
function nested(depth: number): unknown {
  let value: unknown = []
  for (let level = 1; level < depth; level++) value = level % 2 ? [value] : { inner: value }
  return value
}

describe('a quoted value', () => {
  it.each([
    [1.5, '1.5'],
    [NaN, 'NaN'],
    ['text', '"text"'],
    [undefined, 'nothing'],
    [null, 'null'],
    [[1, 'two', [true]], '[1,"two",[true]]'],
    [{ kind: 'x', list: [] }, '{"kind":"x","list":[]}'],
  ])('%j is %s', (value, text) => {
    expect(quote(value)).toBe(text)
  })

  it.each([
    ['a long text', 'x'.repeat(100_000_000)],
    ['a long list', Array.from({ length: 1_000_000 }, (_, i) => i)],
    ['long keys', { ['k'.repeat(1_000_000)]: 1, other: 'y'.repeat(1_000_000) }],
    ['a deep value', nested(200_000)],
    ['a long text of escapes', '\u001b'.repeat(1_000_000)],
    ['pairs of surrogates', ['\ud83d\ude00'.repeat(1000)]],
  ])('is cut at 200 characters: %s', (_, value) => {
    const text = quote(value)
    expect(text).toHaveLength(201)
    expect(text.endsWith('…')).toBe(true)
    expect(text.isWellFormed()).toBe(true)
  })

  it('does not act on what shows it', () => {
    expect(acts(quote({ [hostileText]: hostileText.slice(0, 20) }))).toBe(false)
  })
})
