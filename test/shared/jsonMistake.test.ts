import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonMistake } from '../../src/shared/jsonMistake.ts'

describe('a text that is no JSON', () => {
  it.each([
    ['', 0, 'the text ends where a value is expected'],
    ['{ "base": ', 10, 'the text ends where a value is expected'],
    ['{"a": 1', 7, 'the text ends where a comma or } is expected'],
    ['{"weightDecay": NaN, "steps": 5}', 16, 'a value is expected here, not NaN'],
    ['{"a": .5}', 6, 'a value is expected here, not .5'],
    ['0.1\t0.2\n1\t2\n', 4, 'nothing more is expected here, not 0.2'],
    ['name: foo', 0, 'a value is expected here, not name'],
    ['[0, 1,]', 6, 'nothing follows the comma before this ]'],
    ['{"a": 1,\n}', 9, 'nothing follows the comma before this }'],
    ['{"a": 1 "b": 2}', 8, 'a comma or } is expected here, not "'],
    ['{"a" 1}', 5, 'a colon is expected here, not 1'],
    ['{a: 1}', 1, 'a name in double quotes or } is expected here, not a'],
    ["{'a': 1}", 1, 'text stands in straight double quotes'],
    ['{"a": 1} // mine', 9, 'JSON has no comments'],
    ['{"a": "b', 6, 'the quotes that open here are not closed in this line'],
    ['{"a": "C:\\data"}', 9, 'this \\ means nothing; one that is meant is written \\\\'],
    ['\ufeff{}', 0, 'a value is expected here, not "\ufeff"'],
    ['[1, 2}', 5, 'a comma or ] is expected here, not }'],
  ])('is said why and where: %j', (text, at, message) => {
    expect(() => JSON.parse(text) as unknown).toThrow()
    expect(findJsonMistake(text)).toEqual({ at, message })
  })

  it.each([
    ['{"a": 1, "b": 2, "a": 3}', 17, '"a"'],
    ['{"a": {"b": 1, "\\u0062": 2}}', 15, '"b"'],
    ['[{"a": 1}, {"a": [], "a": []}]', 21, '"a"'],
    ['{"a": {"a": 1}, "a": 2}', 16, '"a"'],
  ])('and a name that an object has twice: %s', (text, at, name) => {
    expect(findJsonMistake(text)).toEqual({ at, message: `${name} stands for the second time in one object` })
  })

  it('but not a name that several objects have', () => {
    expect(findJsonMistake('{"a": {"a": [{"a": 1}, {"a": 1}]}, "b": {"a": 1}}')).toBeNull()
  })

  it('is told from one that is, whatever is cut out of it, put in or changed', () => {
    const piece = fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '\n',
      '0',
      '-',
      '.',
      'e',
      'null',
      '\u0085',
    )
    const changed = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(3), piece)
    fc.assert(
      fc.property(changed, ([json, place, cut, put]) => {
        const at = place % (json.length + 1)
        const text = json.slice(0, at) + put + json.slice(at + cut)
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        const mistake = findJsonMistake(text)
        if (!mistake?.message.includes('second time')) expect(mistake === null).toBe(isJson)
      }),
      { numRuns: 3000 },
    )
  })

  it('may be as deep and as long as it likes', () => {
    expect(findJsonMistake('['.repeat(100_000))).toMatchObject({ at: 100_000 })
    expect(findJsonMistake(`"${'x'.repeat(1_000_000)}`)).toMatchObject({ at: 0 })
  })
})
