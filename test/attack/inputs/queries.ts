import { runFields } from '../../../src/shared/query/runFields.ts'
import type { Dice } from '../dice.ts'
import { hostileText } from '../mutateJson.ts'

const fields = runFields.flatMap(({ names }) => [...names])
const operators = ['=', ':', '!=', '<', '<=', '>', '>=', '≤', '≥', '≠', '==', '=<', '<>']
const values = [
  '37',
  '0.7',
  '70%',
  '1e999',
  '-0',
  'NaN',
  'none',
  '2 h',
  '3d',
  '2026-01-01',
  '*',
  'a*',
  '"x y"',
  '"',
  'true',
]
const keywords = ['and', 'or', 'not', 'AND', '(', ')', '((', '))', '!', ',', ';']

/** A filter of runs: something that could be meant, then noise in it, or something that is too much. */
export function query(dice: Dice): string {
  if (dice.chance(0.15)) return tooMuch(dice)
  const words = Array.from({ length: dice.integer(1, 12) }, () => {
    const term = `${dice.pick(fields)}${dice.pick([' ', ''])}${dice.pick(operators)}${dice.pick([' ', ''])}${value(dice)}`
    return dice.pick([term, term, term, dice.pick(keywords), value(dice)])
  })
  return words.join(' ')
}

function value(dice: Dice): string {
  return dice.chance(0.2) ? hostileText(dice) : dice.pick(values)
}

function tooMuch(dice: Dice): string {
  const many = dice.pick([100, 3_000, 50_000])
  return dice.pick([
    '('.repeat(many),
    `${'('.repeat(many)}p = 1${')'.repeat(many)}`,
    `${'not '.repeat(many)}p = 1`,
    'p = 1 or '.repeat(many),
    'p = 1 '.repeat(many),
    `name = ${'*a'.repeat(dice.integer(2, 60))}b`,
    `name = "${'*'.repeat(many)}b"`,
    `${'a'.repeat(many)} = 1`,
    `name : "${'a'.repeat(many)}`,
    `p = ${'9'.repeat(many)}`,
    `age < ${'1 d '.repeat(many)}`,
    '"'.repeat(many),
  ])
}
