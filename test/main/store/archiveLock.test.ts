import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { lockPathOf, probeLock, takeLock } from '../../../src/main/store/archiveLock.ts'
import { temporaryFolder } from '../../support/folders.ts'

const newArchive = () => join(temporaryFolder(), 'a.grokscope')
function damagedDatabase(): Buffer {
  const database = new DatabaseConstructor(':memory:')
  database.exec('CREATE TABLE whatever (x)')
  const bytes = database.serialize()
  database.close()
  // Behind the header of the file comes that of its first page.
  return bytes.fill(0xff, 100, 200)
}

const descriptors = () => readdirSync('/proc/self/fd').length

it('a lock is held by whoever took it first, and free for the next when that releases it, with nothing left behind', () => {
  const archive = newArchive()
  const path = lockPathOf(archive)
  expect(probeLock(path)).toBe('unknown')
  expect(existsSync(path)).toBe(false)
  const lock = takeLock(archive)!
  expect(lock.path).toBe(path)
  expect([takeLock(archive), probeLock(path), probeLock(path)]).toEqual([undefined, 'held', 'held'])
  expect(readdirSync(dirname(path))).toEqual(['a.grokscope.lock'])
  lock.release()
  expect([readdirSync(dirname(path)), probeLock(path)]).toEqual([[], 'unknown'])
  const next = takeLock(archive)!
  expect(probeLock(path)).toBe('held')
  next.release()
})

it('a lock whose program died stays as a file that nobody holds, and is taken', () => {
  const archive = newArchive()
  const path = lockPathOf(archive)
  const former = takeLock(archive)!
  linkSync(path, `${path}-kept`)
  former.release()
  renameSync(`${path}-kept`, path)
  expect(probeLock(path)).toBe('free')
  const lock = takeLock(archive)!
  expect(probeLock(path)).toBe('held')
  lock.release()
  expect(existsSync(path)).toBe(false)
})

it('a lock that was deleted, or has another in its place, is released without touching that', () => {
  const archive = newArchive()
  const path = lockPathOf(archive)
  const deleted = takeLock(archive)!
  rmSync(path)
  const other = takeLock(archive)!
  expect(other.inode).not.toBe(deleted.inode)
  deleted.release()
  expect(probeLock(path)).toBe('held')
  rmSync(path)
  other.release()
  expect(existsSync(path)).toBe(false)
})

it.each([
  ['a file', (path: string) => writeFileSync(path, 'precious'.repeat(200))],
  ['a folder', (path: string) => mkdirSync(path)],
  ['a damaged database', (path: string) => writeFileSync(path, damagedDatabase())],
])('%s that has the name of a lock is no lock, and stays', (kind, put) => {
  const archive = newArchive()
  const path = lockPathOf(archive)
  put(path)
  const before = kind === 'a folder' ? undefined : readFileSync(path)
  for (let time = 0; time < 2; time++) {
    expect(() => takeLock(archive)).toThrow(
      expect.objectContaining({
        code: 'ARCHIVE_UNREADABLE',
        message: `${path} has the name of the archive’s lock but is not a lock: move it away`,
      }),
    )
  }
  expect(probeLock(path)).toBe('unknown')
  if (kind !== 'a folder') expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(dirname(path))).toEqual(['a.grokscope.lock'])
})

it.skipIf(process.platform !== 'linux')('no question leaves a file open', () => {
  const archive = newArchive()
  const path = lockPathOf(archive)
  const lock = takeLock(archive)!
  const before = descriptors()
  for (let time = 0; time < 3; time++) {
    probeLock(path)
    takeLock(archive)
  }
  // While a lock on the same file is held in this process, SQLite may close none; it does so with that.
  lock.release()
  expect(descriptors()).toBeLessThan(before)
})
