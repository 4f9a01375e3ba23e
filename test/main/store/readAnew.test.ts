import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { expect, it } from 'vitest'
import { readAnew } from '../../../src/main/store/readAnew.ts'
import { temporaryFolder } from '../../support/folders.ts'

function stored(): string {
  const path = join(temporaryFolder(), 'a')
  const database = new DatabaseConstructor(path)
  database.exec('CREATE TABLE numbers (number); INSERT INTO numbers VALUES (7)')
  database.close()
  return path
}

const fail = (error: Error) => () => {
  throw error
}

it('what is read is of the file as it is, which is closed afterwards and cannot be written', () => {
  const path = stored()
  let seen: Database | undefined
  const read = (database: Database) => {
    seen = database
    expect(() => database.exec('DELETE FROM numbers')).toThrow('readonly')
    return database.prepare('SELECT number FROM numbers').pluck().get()
  }
  expect([readAnew(path, read), seen!.open]).toEqual([7, false])
})

it('a file that is no archive, or has other tables, gives nothing', () => {
  const path = stored()
  expect(readAnew(path, (database) => database.prepare('SELECT 1 FROM others').get())).toBeUndefined()
  expect(readAnew(path, fail(new SqliteError('malformed', 'SQLITE_CORRUPT_INDEX')))).toBeUndefined()
  writeFileSync(path, 'no database, and longer than the header of one: '.repeat(40))
  expect(readAnew(path, (database) => database.prepare('SELECT 1 FROM numbers').get())).toBeUndefined()
})

it('any other failure is told, and no file is made', () => {
  const path = stored()
  for (const failure of [new SqliteError('locked', 'SQLITE_BUSY'), new TypeError('a defect')]) {
    expect(() => readAnew(path, fail(failure))).toThrow(failure)
  }
  for (const [missing, message] of [
    [`${path}-other`, 'unable to open'],
    [join(`${path}-folder`, 'a'), 'directory does not exist'],
  ] as const) {
    expect(() => readAnew(missing, () => 7)).toThrow(message)
    expect(existsSync(missing)).toBe(false)
  }
})
