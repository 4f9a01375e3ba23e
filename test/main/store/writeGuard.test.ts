import DatabaseConstructor from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { guardWrites } from '../../../src/main/store/writeGuard.ts'

/** A database with one number that is guarded, and how often it was checked since that was asked. */
function guarded() {
  const database = new DatabaseConstructor(':memory:')
  onTestFinished(() => void database.close())
  database.exec('CREATE TABLE numbers (number); INSERT INTO numbers VALUES (1)')
  let checks = 0
  let refusal: Error | undefined
  guardWrites(database, () => {
    checks++
    if (refusal) throw refusal
  })
  return {
    database,
    insert: database.prepare('INSERT INTO numbers VALUES (?) RETURNING number').pluck(),
    numbers: () => database.prepare('SELECT number FROM numbers').pluck().all(),
    checked: () => [checks, (checks = 0)][0],
    refuse: () => (refusal = new Error('it is no longer there')),
  }
}

it('every write outside of a transaction is checked, by whatever way it is made, and no reading', () => {
  const { database, insert, numbers, checked } = guarded()
  insert.run(2)
  expect([insert.get(3), insert.all(4), [...insert.iterate(5)]]).toEqual([3, [4], [5]])
  expect(checked()).toBe(4)
  expect(numbers()).toEqual([1, 2, 3, 4, 5])
  database.prepare('SELECT 1').get()
  expect(checked()).toBe(0)
})

it('of a transaction the first write is checked, within it, and of each anew', () => {
  const { database, insert, numbers, checked } = guarded()
  const write = database.transaction((...all: number[]) => {
    expect([checked(), numbers().length > 0]).toEqual([0, true])
    for (const number of all) insert.run(number)
    return all.length
  })
  expect(write(2, 3)).toBe(2)
  expect(checked()).toBe(1)
  expect(write(4)).toBe(1)
  expect(checked()).toBe(1)
  expect(write()).toBe(0)
  expect(checked()).toBe(0)
  insert.run(5)
  insert.run(6)
  expect(checked()).toBe(2)
})

it('of a transaction that is begun by words the first write is checked as well', () => {
  const { database, insert, checked } = guarded()
  database.exec('BEGIN')
  for (const number of [2, 3]) insert.run(number)
  database.exec('COMMIT')
  expect(checked()).toBe(1)
})

it('what is refused is not written, nor anything else of its transaction', () => {
  const { database, insert, numbers, refuse } = guarded()
  refuse()
  expect(() => insert.run(2)).toThrow('no longer there')
  const write = database.transaction(() => insert.run(3))
  expect(write).toThrow('no longer there')
  expect([numbers(), database.inTransaction]).toEqual([[1], false])
})
