import { copyFileSync, existsSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { migrations } from '../../../src/main/store/migrations/migrate.ts'
import { migrationProgress, type MigrationProgress } from '../../../src/main/store/migrations/migrationProgress.ts'
import { openForReading } from '../../../src/main/store/openFile.ts'
import { renewArchive } from '../../../src/main/store/renewArchive.ts'
import { leftAsItIs, takeRenewed } from '../../../src/main/store/renewedCopy.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { beside, closedArchive, openBeside, openFile, pragma, stored, told, version1 } from '../../support/openFiles.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('an archive that is opened to be read', () => {
  it('says whether a program writes it, and is read no more once it is closed', () => {
    const writer = openFile()
    const reader = openFile(writer.path, openForReading)
    expect(reader.isWritten()).toBe(true)
    writer.close()
    expect(reader.isWritten()).toBe(false)
    reader.check()
    reader.close()
    const message = `${writer.path} was closed while it was being read; open it again`
    expect(() => reader.check()).toThrow(told('NOT_FOUND', message))
    expect(openBeside(writer.path)).toEqual([])
  })

  it('is looked at anew only where it was written', () => {
    const path = closedArchive()
    const reader = openFile(path, openForReading)
    const look = vi.spyOn(DatabaseConstructor.prototype, 'prepare')
    reader.check()
    reader.check()
    expect(look).not.toHaveBeenCalled()
    const later = new Date(Date.now() + 10_000)
    utimesSync(path, later, later)
    reader.check()
    const looks = look.mock.calls.length
    expect(looks).toBeGreaterThan(0)
    reader.check()
    expect(look).toHaveBeenCalledTimes(looks)
  })

  it('is read no more where what is copied over it differs by its size alone', () => {
    const path = closedArchive()
    const time = new Date('2026-01-01')
    utimesSync(path, time, time)
    const reader = openFile(path, openForReading)
    writeFileSync(path, readFileSync(closedArchive()).subarray(0, 5000))
    utimesSync(path, time, time)
    const message = 'was overwritten by another file since it was opened; nothing more is read of it'
    expect(() => reader.check()).toThrow(told('ARCHIVE_MOVED', message))
  })

  it('is not upgraded where a database of another program is copied over it, whatever version that says', () => {
    const path = closedArchive()
    const reader = openFile(path, openForReading)
    const other = join(temporaryFolder(), 'other')
    const database = new DatabaseConstructor(other)
    database.exec('CREATE TABLE notes (text); PRAGMA user_version = 999')
    database.close()
    copyFileSync(other, path)
    expect(() => reader.check()).toThrow(told('ARCHIVE_MOVED', 'was overwritten by another file'))
  })

  it('is refused where it took the place of one that is being written', () => {
    const other = closedArchive()
    const writer = openFile()
    const moved = join(temporaryFolder(), 'b')
    renameSync(writer.path, moved)
    renameSync(other, writer.path)
    expect(() => openForReading(writer.path)).toThrow(
      told('ARCHIVE_MOVED', 'took the place of an archive that another program still has open'),
    )
    expect(openBeside(writer.path).filter((name) => name === writer.path)).toEqual([])
    renameSync(moved, writer.path)
  })

  it('of an earlier version is read in a copy at the newest, which goes with it', () => {
    const path = join(temporaryFolder(), 'a')
    copyFileSync(version1, path)
    const before = readFileSync(path)
    const reader = openFile(path, openForReading)
    const copy = reader.database.name
    expect([reader.path, copy === path, stored(reader)]).toEqual([path, false, []])
    expect([pragma(reader, 'user_version'), existsSync(copy)]).toEqual([migrations.length, true])
    const later = new Date(Date.now() + 10_000)
    utimesSync(path, later, later)
    reader.check()
    reader.close()
    expect([existsSync(dirname(copy)), openBeside(copy), openBeside(path)]).toEqual([false, [], []])
    expect([readFileSync(path).equals(before), beside(path)]).toEqual([true, ['a']])
  })

  it('is refused where it is damaged, with no file left open', () => {
    const path = closedArchive()
    const database = new DatabaseConstructor(path)
    database.exec('CREATE VIEW further AS SELECT 1')
    database.close()
    expect(() => openForReading(path)).toThrow(told('ARCHIVE_UNREADABLE', 'has not the tables of an archive'))
    expect(openBeside(path)).toEqual([])
  })
})

describe('an archive of an earlier version', () => {
  const earlier = () => {
    const path = join(temporaryFolder(), 'a')
    copyFileSync(version1, path)
    return path
  }

  it('is brought to the newest in its place, or in a copy that is kept, and is left as it was then', () => {
    const path = earlier()
    const before = readFileSync(path)
    const copy = join(temporaryFolder(), 'copy')
    const toldOf = new Set<string>()
    const listen = (message: unknown) => void toldOf.add((message as MigrationProgress).path)
    migrationProgress.subscribe(listen)
    onTestFinished(() => void migrationProgress.unsubscribe(listen))
    renewArchive(path, copy)
    expect([...toldOf]).toEqual([path])
    expect([readFileSync(path).equals(before), beside(path), beside(copy)]).toEqual([true, ['a'], ['copy']])
    renewArchive(path)
    for (const renewed of [path, copy]) {
      const file = openFile(renewed, openForReading)
      expect([file.database.name, pragma(file, 'user_version')]).toEqual([renewed, migrations.length])
      file.close()
    }
    expect([beside(path), openBeside(path), openBeside(copy)]).toEqual([['a'], [], []])
  })

  it('is read in the copy that another process has made, which goes with it, or in one of its own where there is none', () => {
    const path = earlier()
    const copy = join(temporaryFolder(), 'copy')
    for (const isThere of [true, false]) {
      if (isThere) renewArchive(path, copy)
      const file = openForReading(path, migrations, takeRenewed(copy))
      expect([existsSync(copy), pragma(file, 'user_version')]).toEqual([false, migrations.length])
      file.close()
      expect(existsSync(dirname(file.database.name))).toBe(false)
    }
  })

  it('is only looked at where no copy is wanted', () => {
    const path = earlier()
    const file = openForReading(path, migrations, leftAsItIs)
    expect([file.path, openBeside(path)]).toEqual([path, []])
    expect(() => file.check()).toThrow('was closed')
    file.close()
  })

  it.each([
    [
      'SQLITE_FULL',
      'DISK_FULL',
      (path: string, copy: string) =>
        `${path} is read in a copy that is brought to this version: ${copy} cannot grow: the disk is full`,
    ],
    ['SQLITE_CORRUPT', 'ARCHIVE_UNREADABLE', (path: string) => `${path} is damaged`],
    ['SQLITE_MISMATCH', 'ARCHIVE_UNREADABLE', (path: string) => `${path} is damaged: failed`],
  ])('that cannot be copied, %s, is told with what stands against it', (code, toldAs, message) => {
    const path = earlier()
    const copy = join(temporaryFolder(), 'copy')
    const { prepare } = DatabaseConstructor.prototype
    vi.spyOn(DatabaseConstructor.prototype, 'prepare').mockImplementation(function (this: Database, text) {
      if (text.startsWith('VACUUM INTO')) throw new SqliteError('failed', code)
      return prepare.call(this, text) as never
    })
    expect(() => renewArchive(path, copy)).toThrow(
      expect.objectContaining({ code: toldAs, message: message(path, copy) }),
    )
    expect([existsSync(copy), openBeside(path), beside(path)]).toEqual([false, [], ['a']])
  })
})
