import { closeSync, copyFileSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { earlierVersionOf } from '../../../src/main/store/earlierVersionOf.ts'
import { migrate, migrations, newestVersion } from '../../../src/main/store/migrations/migrate.ts'
import { contentOf, copyArchive, version1 } from '../../support/earlierArchives.ts'
import { temporaryFolder } from '../../support/folders.ts'

const newPath = () => join(temporaryFolder(), 'archive.grokscope')

/** A copy of an archive whose writer is killed, all that was changed being in its log. */
function killed(begin: (database: Database) => void, change: (database: Database) => void): string {
  const path = newPath()
  const database = new DatabaseConstructor(path)
  begin(database)
  database.pragma('journal_mode = WAL')
  database.pragma('wal_autocheckpoint = 0')
  change(database)
  const copy = newPath()
  copyArchive(path, copy)
  database.close()
  return copy
}

const bring = (version: number) => (database: Database) => migrate(database, migrations.slice(0, version))
const nothing = () => undefined

it('the version of an archive is what its header says', () => {
  const path = newPath()
  copyArchive(version1, path)
  expect(earlierVersionOf(path)).toBe(1)
  openArchive(path).close()
  expect(earlierVersionOf(path)).toBeUndefined()
})

it.each([
  ['that was made there', 1, killed(nothing, bring(1))],
  ['that was brought there', 4, killed(bring(1), bring(4))],
  ['of which the log says nothing newer', 3, killed(bring(3), (database) => database.exec('DELETE FROM writer'))],
  ['of this version', undefined, killed(bring(1), bring(newestVersion))],
])('is what its log says where that is newer, of one %s', (_, version, path) => {
  expect(earlierVersionOf(path)).toBe(version)
})

it('what a log holds that was not committed, or is of an earlier log, does not count', () => {
  const path = killed(bring(2), bring(5))
  const log = readFileSync(`${path}-wal`)
  const frame = 24 + log.readUInt32BE(8)
  // Without the marks by which frames are committed.
  const uncommitted = Buffer.from(log)
  for (let at = 32; at + frame <= log.length; at += frame) uncommitted.writeUInt32BE(0, at + 4)
  writeFileSync(`${path}-wal`, uncommitted)
  expect(earlierVersionOf(path)).toBe(2)
  // With other salts than its frames have, and with the mark of no log.
  for (const byte of [16, 0]) {
    const foreign = Buffer.from(log)
    foreign[byte]! ^= 1
    writeFileSync(`${path}-wal`, foreign)
    expect(earlierVersionOf(path)).toBe(2)
  }
})

it('a log beside an archive that keeps none does not count', () => {
  const path = newPath()
  const database = new DatabaseConstructor(path)
  bring(2)(database)
  database.close()
  copyFileSync(`${killed(bring(2), bring(5))}-wal`, `${path}-wal`)
  expect(earlierVersionOf(path)).toBe(2)
})

it('is what SQLite reads of a log that was cut anywhere', () => {
  const path = killed(bring(2), bring(5))
  const log = readFileSync(`${path}-wal`)
  const found = new Set<number>()
  for (let length = log.length; length > 0; length -= 1500) {
    truncateSync(`${path}-wal`, length)
    const read = newPath()
    copyArchive(path, read)
    const { version } = contentOf(read)
    found.add(version)
    expect([length, earlierVersionOf(path)]).toEqual([length, version])
  }
  expect(found).toEqual(new Set([2, 3, 4, 5]))
})

it('is asked of a log as SQLite reads it, for any page size', () => {
  for (const pageSize of [512, 1024, 65_536]) {
    const path = killed((database) => database.pragma(`page_size = ${pageSize}`), bring(1))
    expect([pageSize, earlierVersionOf(path)]).toEqual([pageSize, 1])
  }
})

it('there is none of what is no archive, is damaged, or is not there', () => {
  const path = killed(nothing, bring(1))
  writeFileSync(`${path}-wal`, 'no log')
  expect(earlierVersionOf(path)).toBeUndefined()
  const zero = '\0\0\0\0'
  for (const [bytes, at] of [
    ['Nope', 68],
    ['Nope', 0],
    [zero, 60],
  ] as const) {
    const other = newPath()
    copyArchive(version1, other)
    const file = openSync(other, 'r+')
    writeSync(file, bytes, at)
    closeSync(file)
    expect(earlierVersionOf(other)).toBeUndefined()
  }
  const short = newPath()
  writeFileSync(short, readFileSync(version1).subarray(0, 20))
  expect(earlierVersionOf(short)).toBeUndefined()
  expect(earlierVersionOf(newPath())).toBeUndefined()
  expect(earlierVersionOf(temporaryFolder())).toBeUndefined()
})
