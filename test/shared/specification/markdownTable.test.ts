import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { markdownTable } from '../../../src/shared/specification/markdownTable.ts'

it('is the table of the README: `grokscope schema --table` prints it', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const cells = (table: string) => table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const from = readme.indexOf('| field')
  // Prettier pads the README's columns.
  const table = readme.slice(from, readme.indexOf('\n\n', from)).replaceAll(/-{3,}/g, '---')
  expect(cells(table)).toEqual(cells(markdownTable()))
})
