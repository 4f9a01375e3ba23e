import DatabaseConstructor from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { freshId } from '../../../src/main/store/freshId.ts'

const drawn = vi.hoisted((): number[] => [])
vi.mock('node:crypto', () => ({ randomInt: () => drawn.shift() }))

it('an id is eight letters that are drawn, again where a row of the table has it', () => {
  const database = new DatabaseConstructor(':memory:')
  database.exec("CREATE TABLE runs (id); CREATE TABLE experiments (id); INSERT INTO runs VALUES ('22222222')")
  const draws = [...Array<number>(8).fill(0), 0, 1, 2, 3, 4, 5, 6, 7]
  drawn.push(...draws)
  expect(freshId(database, 'runs')).toBe('23456789')
  expect(drawn).toEqual([])
  drawn.push(...draws)
  expect(freshId(database, 'experiments')).toBe('22222222')
  database.close()
})
