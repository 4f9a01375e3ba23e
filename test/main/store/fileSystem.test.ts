import type * as FileSystem from 'node:fs'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isSameFile } from '../../../src/main/store/fileIdentity.ts'
import { fileSystem } from '../../../src/main/store/fileSystem.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { openBeside } from '../../support/openFiles.ts'

/** What the system says of some places; it knows no others. */
const places = new Map<string, { type: number; bavail: number }>()
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>()
  const statfsSync = (path: string) => {
    if (!places.has(path)) throw Object.assign(new Error('no such place'), { code: 'ENOENT' })
    return places.get(path)
  }
  return { ...real, statfsSync }
})
afterEach(() => {
  places.clear()
  vi.restoreAllMocks()
})

const [nfs, lustre] = [0x6969, 0x0bd00bd0]

it('the file system of an archive is that of the file, or of its folder where it is not there yet', () => {
  places.set('/data', { type: nfs, bavail: 1 })
  expect(fileSystem.describe('/data/a')).toBe('NFS')
  places.set('/data/a', { type: lustre, bavail: 1 })
  expect(fileSystem.describe('/data/a')).toBe('Lustre')
  expect(fileSystem.describe('/elsewhere/a')).toBe('a file system that does not say what it is')
})

it('a file system is full where no block is left', () => {
  places.set('/data', { type: nfs, bavail: 0 })
  places.set('/home', { type: nfs, bavail: 1 })
  expect(['/data/a', '/home/a', '/elsewhere/a'].map((path) => fileSystem.isFull(path))).toEqual([true, false, false])
})

describe('whether a file system locks files', () => {
  /** What is said of a folder where locking fails so, in which nothing is left. */
  function canLock(failure?: Error) {
    const folder = temporaryFolder()
    const { exec } = DatabaseConstructor.prototype
    const locks = vi.spyOn(DatabaseConstructor.prototype, 'exec').mockImplementation(function (this: Database, text) {
      exec.call(this, 'CREATE TABLE written (value)')
      if (failure) throw failure
      return exec.call(this, text)
    })
    const answer = fileSystem.canLock(join(folder, 'a'))
    expect([readdirSync(folder), locks.mock.calls]).toEqual([[], [['BEGIN EXCLUSIVE']]])
    expect(openBeside(folder)).toEqual([])
    return answer
  }

  it('is known where a file of its own can be locked', () => {
    expect(canLock()).toBe(true)
  })

  it.each(['BUSY', 'PROTOCOL', 'NOLFS', 'IOERR_LOCK', 'IOERR_RDLOCK', 'IOERR_CHECKRESERVEDLOCK'])(
    'is denied by SQLITE_%s',
    (code) => {
      expect(canLock(new SqliteError('it is refused', `SQLITE_${code}`))).toBe(false)
    },
  )

  it.each([
    new SqliteError('the disk is full', 'SQLITE_FULL'),
    new SqliteError('it cannot be read', 'SQLITE_IOERR_READ'),
    Object.assign(new Error('of another kind'), { code: 'SQLITE_BUSY' }),
  ])('is not known where something else fails: %s', (failure) => {
    expect(canLock(failure)).toBeUndefined()
  })

  it('is not known where no file can be made', () => {
    expect(fileSystem.canLock(join(temporaryFolder(), 'nowhere', 'a'))).toBeUndefined()
  })
})

it('files are the same by device and inode, and none is the same as what is not there', () => {
  const file = { device: '1', inode: '2' }
  expect(isSameFile(file, { ...file })).toBe(true)
  for (const other of [undefined, { device: '1', inode: '3' }, { device: '2', inode: '2' }]) {
    expect([isSameFile(file, other), isSameFile(other, file)]).toEqual([false, false])
  }
  expect(isSameFile(undefined, undefined)).toBe(false)
})
