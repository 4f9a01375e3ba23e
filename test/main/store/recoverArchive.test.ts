import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { takeLock } from '../../../src/main/store/archiveLock.ts'
import { identifyFile } from '../../../src/main/store/fileIdentity.ts'
import { noteOpen } from '../../../src/main/store/openToRead.ts'
import { recoverArchive } from '../../../src/main/store/recoverArchive.ts'
import { filesOpenHere, temporaryFolder } from '../../support/folders.ts'

/** A database that a program was changing when it was killed: its numbers, its journal, and a lock that nobody holds. */
function killedChange() {
  const path = join(temporaryFolder(), 'a')
  const database = new DatabaseConstructor(path)
  database.exec('CREATE TABLE numbers (number); INSERT INTO numbers VALUES (1)')
  database.pragma('cache_size = 1')
  database.exec('BEGIN IMMEDIATE; UPDATE numbers SET number = 2')
  database.exec(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO numbers SELECT i FROM n',
  )
  const killed = join(temporaryFolder(), 'a')
  for (const end of ['', '-journal']) copyFileSync(path + end, killed + end)
  database.close()
  writeFileSync(`${killed}.lock`, '')
  return { path: killed, file: identifyFile(killed)! }
}

/** What is in the files of a folder. */
const contents = (path: string) =>
  Object.fromEntries(
    readdirSync(dirname(path)).map((name) => [name, readFileSync(join(dirname(path), name), 'base64')]),
  )

function numbersIn(path: string) {
  const database = new DatabaseConstructor(path, { readonly: true })
  const numbers = database.prepare('SELECT number FROM numbers').pluck().all()
  database.close()
  return numbers
}

it('what a killed program had changed in part is taken back, and nothing is left beside it', () => {
  const { path, file } = killedChange()
  recoverArchive(path, file)
  expect(readdirSync(dirname(path))).toEqual(['a'])
  expect(numbersIn(path)).toEqual([1])
  expect(filesOpenHere().filter((name) => name.startsWith(path))).toEqual([])
})

it('a journal that is not needed, as nothing was changed yet, goes as well', () => {
  const { path, file } = killedChange()
  recoverArchive(path, file)
  writeFileSync(`${path}-journal`, new Uint8Array(512))
  recoverArchive(path, identifyFile(path)!)
  expect([readdirSync(dirname(path)), numbersIn(path)]).toEqual([['a'], [1]])
})

it('nothing is done where the file is open here, another program has it, or another is in its place', () => {
  const { path, file } = killedChange()
  const before = contents(path)
  const noteClosed = noteOpen(path)
  recoverArchive(path, file)
  expect(contents(path)).toEqual(before)
  noteClosed()

  recoverArchive(path, { ...file, inode: `${file.inode}0` })
  expect(contents(path)).toEqual(before)

  const lock = takeLock(path)!
  recoverArchive(path, file)
  expect(existsSync(`${path}-journal`)).toBe(true)
  lock.release()
})

it('a file beside which the log of another lies is refused, and left', () => {
  const { path, file } = killedChange()
  writeFileSync(`${path}-wal`, 'of another')
  const before = contents(path)
  expect(() => recoverArchive(path, file)).toThrow('does not belong to the log beside it')
  expect(contents(path)).toEqual(before)
})
