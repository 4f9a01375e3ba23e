import { expect, it } from 'vitest'
import { lastingOf, lastingOfValue, shortest, type Lasting } from '../../../src/main/store/lasting.ts'
import { parseRunQuery } from '../../../src/shared/query/runQuery.ts'
import type { RunColumnName, RunValue } from '../../../src/shared/query/runValues.ts'

it.each<[string, Lasting]>([
  ['p = 53', 'lasting'],
  ['word', 'lasting'],
  ['status:failed', 'lasting'],
  ['t_grok = none', 'lasting'],
  ['trainLoss < 1', 'all'],
  ['step > 5', 'all'],
  ['age < 2d', 'moment'],
  ['p = 53 word', 'lasting'],
  ['p = 53 step > 5', 'all'],
  ['step > 5 or p = 53', 'all'],
  ['p = 53 or age < 2d', 'moment'],
  ['step > 5 age < 2d', 'moment'],
  ['not p = 53', 'lasting'],
  ['not trainLoss < 1', 'all'],
  ['not (p = 53 or not age < 2d)', 'moment'],
])('the answer of the filter %s is true for long enough: %s', (where, lasting) => {
  expect(lastingOf(parseRunQuery(where))).toBe(lasting)
})

it('a value is true as long as all of what it is made of', () => {
  const own = (column: RunColumnName): RunValue => ({ in: 'run', column })
  const latest: RunValue = { in: 'latest', name: 'trainLoss' }
  const age: RunValue = { in: 'age' }
  const columns: Partial<Record<RunColumnName, Lasting>> = { step: 'all', tau: 'all', seconds: 'all', sequence: 'all' }
  for (const column of ['step', 'tau', 'seconds', 'sequence', 'seed', 'name', 'status', 'createdAt'] as const) {
    expect(lastingOfValue(own(column)), column).toBe(columns[column] ?? 'lasting')
  }
  const parts: [RunValue, Lasting][] = [
    [own('seed'), 'lasting'],
    [latest, 'all'],
    [age, 'moment'],
  ]
  for (const [value, lasting] of parts) {
    const made = [
      value,
      { in: 'positive', of: value },
      { in: 'multiple', of: value, unit: 2 },
      { in: 'difference', of: value, less: own('seed') },
      { in: 'difference', of: own('seed'), less: value },
      { in: 'any', of: [own('seed'), value] },
      { in: 'either', of: [own('seed'), value] },
      { in: 'properties', of: { first: own('seed'), second: value } },
    ] as const
    expect(made.map(lastingOfValue)).toEqual(made.map(() => lasting))
  }
  expect(lastingOfValue({ in: 'tags' })).toBe('lasting')
})

it('what follows from several answers is true as long as all of them, and for long where it follows from none', () => {
  expect(shortest([])).toBe('lasting')
  expect(shortest(['lasting', 'all'])).toBe('all')
  expect(shortest(['all', 'moment', 'lasting'])).toBe('moment')
})
