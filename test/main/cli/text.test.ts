import { expect, it } from 'vitest'
import { table } from '../../../src/main/cli/text.ts'

it('a table has columns of equal width and no space at the ends of lines', () => {
  const lines = table([
    ['run', 'name', ''],
    ['a', 'τ = 1', 'x'],
    ['longer', '', ''],
  ]).split('\n')
  expect(lines).toEqual(['run     name', 'a       τ = 1  x', 'longer'])
})

it('a table that is printed in parts is whole also where a cell has become wider since its widths were found', () => {
  expect(table([['1000/5000', 'x']], [8, 1])).toBe('1000/5000  x')
})
