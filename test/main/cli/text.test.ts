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
