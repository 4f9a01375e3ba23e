import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { takeLock } from '../../../src/main/store/archiveLock.ts'
import { identifyFile } from '../../../src/main/store/fileIdentity.ts'
import { noteOpen } from '../../../src/main/store/openToRead.ts'
import { recoverArchive } from '../../../src/main/store/recoverArchive.ts'
import { contents, killedChange, numbersIn, openBeside } from '../../support/openFiles.ts'

/** What a program left that was killed while it changed a database, with a lock that nobody holds. */
function killedProgram() {
  const path = killedChange()
  writeFileSync(`${path}.lock`, '')
  return { path, file: identifyFile(path)! }
}

/** What is stored in a file, as whoever only reads finds it. */
function storedIn(path: string) {
  const database = new DatabaseConstructor(path, { readonly: true })
  const numbers = numbersIn(database)
  database.close()
  return numbers
}

it('what a killed program had changed in part is taken back, and nothing is left beside it', () => {
  const { path, file } = killedProgram()
  recoverArchive(path, file)
  expect(readdirSync(dirname(path))).toEqual(['a'])
  expect(storedIn(path)).toEqual([1])
  expect(openBeside(path)).toEqual([])
})

it('a journal that is not needed, as nothing was changed yet, goes as well', () => {
  const { path, file } = killedProgram()
  recoverArchive(path, file)
  writeFileSync(`${path}-journal`, new Uint8Array(512))
  recoverArchive(path, identifyFile(path)!)
  expect([readdirSync(dirname(path)), storedIn(path)]).toEqual([['a'], [1]])
})

it('nothing is done where the file is open here, another program has it, or another is in its place', () => {
  const { path, file } = killedProgram()
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
  const { path, file } = killedProgram()
  writeFileSync(`${path}-wal`, 'of another')
  const before = contents(path)
  expect(() => recoverArchive(path, file)).toThrow('does not belong to the log beside it')
  expect(contents(path)).toEqual(before)
})
