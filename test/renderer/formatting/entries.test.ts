import { describe, expect, it } from 'vitest'
import {
  entryInAddress,
  parseEntries,
  parseEntry,
  parseValues,
  writeEntry,
  writeValues,
} from '../../../src/renderer/formatting/entries.ts'

describe('what is typed into a field', () => {
  it.each([
    ['5000', 5000],
    [' 5\u2009000 ', 5000],
    ['1e-3', 0.001],
    ['.5', 0.5],
    ['−2', -2],
    ['p^-1/2', 'p^-1/2'],
    ['12a', '12a'],
    ['1e999', '1e999'],
    ['-1e999', '-1e999'],
    ['', undefined],
    ['   ', undefined],
  ])('%j is %j', (text, value) => expect(parseEntry(text)).toBe(value))

  it('is read alike from an address, where it is given once', () => {
    const query = { one: '30', none: '', twice: ['30', '40'], bare: null, word: 'abc' }
    const read = ['one', 'none', 'twice', 'bare', 'word', 'absent'].map((name) => entryInAddress(query, name))
    expect(read).toEqual([30, undefined, undefined, undefined, 'abc', undefined])
  })

  it.each([[0], [-1.5], [1e-8], [4294967295], ['relu'], [undefined]])('%j is read as it is written', (value) =>
    expect(parseEntry(writeEntry(value))).toBe(value),
  )

  it.each([
    ['0, 1, 2', [0, 1, 2]],
    ['0–4', [0, 1, 2, 3, 4]],
    ['1..3; 7 0.5', [1, 2, 3, 7, 0.5]],
    ['4-2', ['4-2']],
    ['0-100000', ['0-100000']],
    ['a,1', ['a', 1]],
    ['', []],
  ])('%j lists %j', (text, values) => expect(parseEntries(text)).toEqual(values))

  it.each([
    [[0.629960524947, 1e-7, 1100], '0.629960524947, 1e-7, 1100'],
    [['relu', 'tanh'], 'relu, tanh'],
    [[false, true], '[false,true]'],
    [[{ kind: 'momentum', momentum: 0.9 }, 'adamw'], '[{"kind":"momentum","momentum":0.9},"adamw"]'],
    [['my start.npz', '0-4', '5'], '["my start.npz","0-4","5"]'],
    [
      [
        [1, 2],
        [3, 4],
      ],
      '[[1,2],[3,4]]',
    ],
    [[], ''],
  ])('the values %j are written and read as %s', (values, text) => {
    expect(writeValues(values)).toBe(text)
    expect(parseValues(text)).toEqual(values)
  })

  it('a list that is broken is a text, and so is one that is none', () => {
    expect(parseValues('[1, 2')).toEqual(['[1, 2'])
    expect(parseValues(' [1] 2')).toEqual([' [1] 2'])
  })
})
