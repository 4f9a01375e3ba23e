import { closeSync, openSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { fileSystem, fileSystemName, type FileSystem } from '../../../src/main/store/fileSystem.ts'
import { explain, explained, isOfMachine } from '../../../src/main/store/sqliteFailures.ts'
import { diskLimits, LabError } from '../../../src/shared/errors.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { refusal } from '../../support/refusal.ts'

const local: FileSystem = { describe: () => 'ext4', canLock: () => true, isFull: () => false }
const withoutLocks: FileSystem = { describe: () => 'NFS', canLock: () => false, isFull: () => false }

function failure(code: string, place: FileSystem): LabError {
  try {
    explain('/data/a', () => fail(code), { place })
  } catch (error) {
    return error as LabError
  }
  throw new Error('nothing failed')
}

function fail(failure: string | Error): never {
  throw typeof failure === 'string' ? new SqliteError('as SQLite says it', failure) : failure
}

describe('what SQLite reports', () => {
  it.each([
    'SQLITE_PROTOCOL',
    'SQLITE_NOLFS',
    'SQLITE_IOERR_LOCK',
    'SQLITE_IOERR_RDLOCK',
    'SQLITE_IOERR_UNLOCK',
    'SQLITE_IOERR_CHECKRESERVEDLOCK',
    'SQLITE_IOERR_SHMOPEN',
    'SQLITE_IOERR_SHMMAP',
    'SQLITE_IOERR_SHMLOCK',
    'SQLITE_IOERR_SHMSIZE',
    // ENOLCK, on a file system without locks.
    'SQLITE_BUSY',
    'SQLITE_BUSY_RECOVERY',
    'SQLITE_CANTOPEN',
  ])('as %s where files cannot be locked is told of the file system, and where to put the archive', (code) => {
    const error = failure(code, withoutLocks)
    expect(error).toMatchObject({ code: 'FILE_SYSTEM', detail: code })
    expect(error.message).toMatch(/^\/data\/a lies on NFS, where files cannot be locked/)
    expect(error.message).not.toContain('in use by another process')
    expect(error.advice).toContain('--archive')
  })

  it.each([
    ['SQLITE_BUSY', 'ARCHIVE_LOCKED', 'is in use by another process'],
    ['SQLITE_CANTOPEN', 'ARCHIVE_UNREADABLE', 'cannot be opened'],
    ['SQLITE_IOERR_WRITE', 'ARCHIVE_UNREADABLE', 'the disk reports an error'],
  ])('as %s where they can is told as %s', (code, told, words) => {
    const error = failure(code, local)
    expect(error.code).toBe(told)
    expect(error.message).toContain(words)
  })

  it('as a failure to make shared memory on a full disk is not laid to the file system', () => {
    expect(failure('SQLITE_IOERR_SHMSIZE', { ...local, isFull: () => true }).code).not.toBe('FILE_SYSTEM')
  })

  it('is told as what has happened to the file, where something has', () => {
    const moved = new LabError('ARCHIVE_MOVED', 'it is gone')
    const check = () => {
      throw moved
    }
    expect(() => explain('/data/a', () => fail('SQLITE_CORRUPT'), { check })).toThrow(moved)
  })
})

describe('what the system reports', () => {
  it.each(Object.entries(diskLimits))('as %s is told as a disk that takes no more', (code, words) => {
    const full = Object.assign(new Error('as the system says it'), { code })
    const act = () => explain('/data/a', () => fail(full), { place: local })
    expect(act).toThrow(expect.objectContaining({ code: 'DISK_FULL', message: `/data/a cannot grow: ${words}` }))
    expect(isOfMachine(full)).toBe(true)
  })

  it('stands against whatever is written, as other errors do not', () => {
    const ofMachine = ['BUSY', 'FULL', 'IOERR_WRITE', 'READONLY', 'NOMEM', 'CANTOPEN', 'PERM', 'PROTOCOL', 'NOLFS']
    const others = ['CORRUPT', 'NOTADB', 'CONSTRAINT_UNIQUE', 'ERROR']
    const told = (codes: string[]) => codes.map((code) => isOfMachine(new SqliteError('', `SQLITE_${code}`)))
    expect(told(ofMachine)).toEqual(ofMachine.map(() => true))
    expect(told(others)).toEqual(others.map(() => false))
    expect([new Error('any'), Object.assign(new Error('any'), { code: 'ENOENT' })].map(isOfMachine)).toEqual([
      false,
      false,
    ])
  })
})

describe('a part of an archive', () => {
  class Part {
    name = 'part'
    #own = 7
    read = (): number => this.#own
    write(value: unknown): unknown {
      if (value instanceof Error) throw value
      return (this.#own = value as number)
    }
  }
  const path = '/data/a'

  it('does as before, and says what its failures mean: those of what only reads are damage, with their cause', () => {
    const part = new Part()
    const check = () => undefined
    const writes = explained(path, part, { check, reads: () => false, isKept: false })
    expect([writes.name, writes.write(8), writes.read()]).toEqual(['part', 8, 8])
    const defect = new TypeError('no such thing')
    expect(() => writes.write(defect)).toThrow(defect)
    expect(() => writes.write(new SqliteError('any', 'SQLITE_FULL'))).toThrow('/data/a cannot grow: the disk is full')
    const reads = explained(path, part, { check, reads: (name) => name === 'write', isKept: false })
    const damaged = { code: 'ARCHIVE_UNREADABLE', message: '/data/a is damaged: no such thing', cause: defect }
    expect(() => reads.write(defect)).toThrow(expect.objectContaining(damaged))
    expect(() => reads.write(new LabError('NOT_FOUND', 'not there'))).toThrow('not there')
    const ofTable = refusal(() => reads.write(new SqliteError('no such table', 'SQLITE_ERROR')))
    expect(ofTable).toMatchObject({ message: '/data/a is damaged: no such table', detail: 'SQLITE_ERROR' })
    expect(ofTable.cause).toBeUndefined()
  })

  it('that is kept is looked for before and after, and gives nothing of what took its place', () => {
    const moved = new LabError('ARCHIVE_MOVED', 'it is gone')
    let looks = 0
    let goneFrom = Infinity
    const check = () => {
      looks += 1
      if (looks >= goneFrom) throw moved
    }
    const part = explained(path, new Part(), { check, reads: () => true, isKept: true })
    expect([part.read(), looks]).toEqual([7, 2])
    for (const look of [1, 2]) {
      ;[looks, goneFrom] = [0, look]
      expect(() => part.read()).toThrow(moved)
    }
    const loose = explained(path, new Part(), { check, reads: () => true, isKept: false })
    ;[looks, goneFrom] = [0, 1]
    expect([loose.read(), looks]).toEqual([7, 0])
    // It is the reason for whatever fails.
    expect(() => loose.write(new TypeError('no such thing'))).toThrow(moved)
  })
})

describe('a file system', () => {
  it.each([
    [0x6969, 'NFS'],
    [0x0bd00bd0, 'Lustre'],
    [0x47504653, 'GPFS'],
    [0x65735546, /FUSE/],
    // As a signed number, which some systems tell.
    [0xff534d42 - 2 ** 32, /SMB/],
    [0x12345, /type 0x12345/],
    [undefined, /does not say/],
  ])('of type %s has a name', (type, name) => {
    expect(fileSystemName(type)).toMatch(name)
  })

  it('is asked by locking a file of one’s own, though the archive is locked, and nothing is left', () => {
    const folder = temporaryFolder()
    const path = join(folder, 'archive')
    const held = new DatabaseConstructor(path)
    held.exec('BEGIN EXCLUSIVE')
    expect(fileSystem.canLock(path)).toBe(true)
    held.close()
    expect(readdirSync(folder)).toEqual(['archive'])
    expect(fileSystem.canLock(join(folder, 'nowhere', 'archive'))).toBeUndefined()
    expect(fileSystem.describe(path)).not.toBe('')
    expect(fileSystem.isFull(path)).toBe(false)
  })
})

it('an archive of a format that SQLite does not read is refused in words, without the cause of a defect', () => {
  const path = join(temporaryFolder(), 'archive.grokscope')
  openArchive(path).close()
  const file = openSync(path, 'r+')
  // "Schema format number": SQLite, Database File Format, §1.3.
  writeSync(file, Uint8Array.of(0, 0, 0, 5), 0, 4, 44)
  closeSync(file)
  for (const options of [{ readOnly: true }, {}]) {
    const refused = refusal(() => openArchive(path, options))
    expect(refused).toMatchObject({
      code: 'ARCHIVE_UNREADABLE',
      message: expect.stringContaining('unsupported file format'),
    })
    expect(refused.cause).toBeUndefined()
  }
})
