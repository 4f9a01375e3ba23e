import { describe, expect, it } from 'vitest'
import { deepestNesting } from '../../../../src/shared/findExcess.ts'
import { highlightJson } from '../../../../src/renderer/views/new/highlightJson.ts'
import { jsonPlaces } from '../../../../src/renderer/views/new/jsonPlaces.ts'
import { valueAt } from '../../../../src/renderer/views/new/specPaths.ts'

const text = `{
  "name": "a \\"b\\" {c}, [d]: 1",
  "task": { "kind": "toy",
    "start": [-1, 2.5e-3] },
  "deep": {
    "list": [
      { "at": 1 },
      null, true
    ]
  }
}`

describe('the places of values in a JSON text', () => {
  it('finds every value on its own lines', () => {
    const { places, mistake } = jsonPlaces(text)
    expect(mistake).toBeNull()
    const value: unknown = JSON.parse(text)
    const lines = text.split('\n')
    for (const [path, { from, to }] of places) {
      const found = valueAt(value, path)
      expect(found, path).toBeDefined()
      const excerpt = lines.slice(from, to + 1).join('\n')
      if (typeof found !== 'object') expect(excerpt).toContain(JSON.stringify(found).replace('0.0025', '2.5e-3'))
    }
    expect(places.get('task.start.1')).toEqual({ from: 3, to: 3 })
    expect(places.get('deep.list')).toEqual({ from: 5, to: 8 })
    expect(places.size).toBe(12)
  })

  it('ends at a depth that no specification has, however deep the text goes on', () => {
    const nested = (depth: number) => `{\n"a": ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(jsonPlaces(nested(deepestNesting)).mistake).toBeNull()
    for (const depth of [deepestNesting + 1, 100_000]) {
      expect(jsonPlaces(nested(depth)).mistake).toEqual({
        line: 1,
        message: `nothing may be nested deeper than ${deepestNesting} levels`,
      })
    }
  })

  const broken: [string, number, RegExp][] = [
    ['{\n  "a": 1\n  "b": 2\n}', 2, /comma or \}/],
    ['{\n  "a": 01\n}', 1, /value/],
    ['{\n  a: 1\n}', 1, /name of a field/],
    ['{\n  "a" 1\n}', 1, /colon/],
    ['{\n  "a": [1, 2\n}', 2, /comma or \]/],
    ['{}\nx', 1, /nothing may follow/],
    ['{ "a": nul }', 0, /value/],
    ['{ "a": "x\n" }', 0, /text/],
    ['{ "a": 1, }', 0, /name of a field/],
    ['', 0, /the end/],
  ]
  it.each(broken)('finds the mistake in %j', (given, line, message) => {
    expect(() => JSON.parse(given)).toThrow()
    const { mistake } = jsonPlaces(given)
    expect(mistake?.line).toBe(line)
    expect(mistake?.message).toMatch(message)
  })
})

describe('a coloured line', () => {
  it.each(text.split('\n'))('keeps every letter: %s', (line) =>
    expect(
      highlightJson(line)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(line),
  )

  it('tells names of fields from texts', () => {
    const kinds = highlightJson('  "kind": "normal", "sd": -1.5e-3').filter(({ kind }) => kind !== 'plain')
    expect(kinds).toEqual([
      { text: '"kind"', kind: 'key' },
      { text: '"normal"', kind: 'text' },
      { text: '"sd"', kind: 'key' },
      { text: '-1.5e-3', kind: 'number' },
    ])
  })
})
