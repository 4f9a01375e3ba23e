import {
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { lockPathOf, takeLock } from '../../../src/main/store/archiveLock.ts'
import { heartbeatMilliseconds } from '../../../src/main/store/archiveWriter.ts'
import { identifyFile } from '../../../src/main/store/fileIdentity.ts'
import { filesOfArchive } from '../../../src/main/store/filesOfArchive.ts'
import { fileSystem } from '../../../src/main/store/fileSystem.ts'
import { migrations } from '../../../src/main/store/migrations/migrate.ts'
import { openForReading, openForWriting } from '../../../src/main/store/openFile.ts'
import { temporaryFolder } from '../../support/folders.ts'
import {
  beside,
  closedArchive,
  openBeside,
  openCopies,
  openFile,
  pragma,
  store,
  stored,
  storedIn,
  told,
  version1,
} from '../../support/openFiles.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Does something as SQLite is asked for a pragma the first time. */
function whenAsked(text: string, act: () => void) {
  const { pragma } = DatabaseConstructor.prototype
  let isDone = false
  vi.spyOn(DatabaseConstructor.prototype, 'pragma').mockImplementation(function (this: Database, ...input) {
    if (input[0] === text && !isDone) {
      isDone = true
      act()
    }
    return pragma.apply(this, input)
  })
}

describe('an archive that is opened to be written', () => {
  it('keeps what it stores in a log that is safe and bounded, gives back what is deleted, and is one plain file when it is closed', () => {
    const path = join(temporaryFolder(), 'new', 'folder', 'a')
    const file = openFile(path)
    const names = ['auto_vacuum', 'journal_mode', 'synchronous', 'journal_size_limit', 'busy_timeout', 'trusted_schema']
    expect(names.map((name) => pragma(file, name))).toEqual([2, 'wal', 2, 2 ** 26, 5000, 0])
    expect(filesOfArchive(path)).toEqual(expect.arrayContaining(beside(path).map((name) => join(dirname(path), name))))
    expect(filesOfArchive(path)).toContain(`${path}-journal`)
    expect([file.path, file.isWritten(), beside(path)]).toEqual([path, true, ['a', 'a-shm', 'a-wal', 'a.lock']])
    file.check()
    file.close()
    expect([file.database.open, beside(path), openBeside(path)]).toEqual([false, ['a'], []])
    expect(storedIn(path, ({ database }) => database.pragma('journal_mode', { simple: true }))).toBe('delete')
    const again = openFile(path)
    expect(names.map((name) => pragma(again, name))).toEqual([2, 'wal', 2, 2 ** 26, 5000, 0])
  })

  it('is closed once, however often that is asked for', () => {
    const first = openFile()
    first.close()
    const second = openFile(first.path)
    first.close()
    expect(() => openForWriting(first.path)).toThrow(told('ARCHIVE_LOCKED', `is open in process ${process.pid}`))
    store(second, 'kept')
    second.close()
    expect(storedIn(first.path)).toEqual(['kept'])
  })

  it('says in the file itself who writes it, where it is seen by every name', () => {
    const { path } = openFile()
    const writer = ({ database }: { database: Database }) => database.prepare('SELECT path, pid FROM writer').get()
    expect(storedIn(path, writer)).toEqual({ path, pid: process.pid })
  })

  it('has all that was stored in the file when it is closed, wherever that was moved', () => {
    const file = openFile()
    store(file, 'before')
    const moved = join(temporaryFolder(), 'b')
    renameSync(file.path, moved)
    expect(() => file.check()).toThrow(told('ARCHIVE_MOVED', 'was moved, deleted or replaced while it was open'))
    expect(() => store(file, 'after')).toThrow('was moved')
    file.close()
    expect([storedIn(moved), openBeside(moved)]).toEqual([['before'], []])
  })

  it('and that is moved before anything was stored is left by its writer as well', () => {
    const file = openFile(closedArchive('before'))
    const moved = join(temporaryFolder(), 'b')
    renameSync(file.path, moved)
    file.close()
    const left = ({ database }: { database: Database }) => [
      database.prepare('SELECT count(*) FROM writer').pluck().get(),
      ...stored({ database }),
    ]
    expect([storedIn(moved, left), openBeside(moved)]).toEqual([[0, 'before'], []])
  })

  it('leaves its log where a reader keeps that, with nothing in it', () => {
    const file = openFile()
    const reader = new DatabaseConstructor(file.path, { readonly: true })
    reader.pragma('user_version')
    store(file, 'own')
    file.close()
    expect([storedIn(file.path), statSync(`${file.path}-wal`).size]).toEqual([['own'], 0])
    expect(existsSync(lockPathOf(file.path))).toBe(false)
    reader.close()
  })

  it.each([
    ['another archive', () => readFileSync(closedArchive('of the other'))],
    ['what is none', () => Buffer.from('something else, longer than the header of one: '.repeat(40))],
  ])('leaves %s that was copied over it as that is, and takes its own log away', (_, make) => {
    const other = make()
    const file = openFile()
    store(file, 'own')
    const time = new Date('2026-01-01')
    utimesSync(file.path, time, time)
    file.check()
    // As `cp -p` may: it is told by its size alone.
    writeFileSync(file.path, Buffer.concat([other, new Uint8Array(8192)]))
    utimesSync(file.path, time, time)
    expect(() => file.check()).toThrow(told('ARCHIVE_MOVED', 'was overwritten by another file while it was open'))
    writeFileSync(file.path, other)
    file.close()
    expect(readFileSync(file.path)).toEqual(other)
    expect([beside(file.path), openBeside(file.path)]).toEqual([['a'], []])
  })

  it('has all that was stored in the file also where it cannot be told, as it is closed, whether it was overwritten', () => {
    const file = openFile()
    store(file, 'own')
    const later = new Date(Date.now() + 10_000)
    utimesSync(file.path, later, later)
    const { prepare } = DatabaseConstructor.prototype
    const look = vi.spyOn(DatabaseConstructor.prototype, 'prepare').mockImplementation(function (this: Database, text) {
      if (text === 'SELECT token FROM writer') throw new SqliteError('database is locked', 'SQLITE_BUSY')
      return prepare.call(this, text) as never
    })
    file.close()
    expect(look).toHaveBeenCalledWith('SELECT token FROM writer')
    look.mockRestore()
    expect(storedIn(file.path)).toEqual(['own'])
  })

  it('is written on where it was only touched, and is another’s as soon as that has entered itself', () => {
    const file = openFile()
    const later = new Date(Date.now() + 10_000)
    utimesSync(file.path, later, later)
    file.check()
    store(file, 'more')
    const other = new DatabaseConstructor(file.path)
    other.exec("UPDATE writer SET token = 'another', host = 'elsewhere'")
    expect(() => file.check()).toThrow(told('ARCHIVE_LOCKED', 'on host elsewhere'))
    expect(() => store(file, 'too much')).toThrow('elsewhere')
    other.close()
    file.close()
    expect(storedIn(file.path)).toEqual(['more'])
  })

  it('is touched now and then, as long as it is there and open', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const file = openFile()
    const long = new Date('2026-01-01')
    const beat = (path = file.path) => {
      utimesSync(path, long, long)
      vi.advanceTimersByTime(heartbeatMilliseconds)
      return statSync(path).mtime.getTime() > long.getTime()
    }
    expect([beat(), beat()]).toEqual([true, true])
    const moved = `${file.path}-moved`
    renameSync(file.path, moved)
    copyFileSync(moved, file.path)
    expect([beat(), beat(moved)]).toEqual([false, false])
    rmSync(file.path)
    renameSync(moved, file.path)
    expect(beat()).toBe(true)
    file.close()
    expect(beat()).toBe(false)
  })
})

describe('an archive that cannot be opened to be written', () => {
  it.each<[string, string, string, (path: string) => void]>([
    ['because a program has its lock', 'ARCHIVE_LOCKED', 'is open in another process', () => undefined],
    [
      'because its file system locks nothing',
      'FILE_SYSTEM',
      'where files cannot be locked',
      () => vi.spyOn(fileSystem, 'canLock').mockReturnValue(false),
    ],
    [
      'and of which it cannot be known whether its file system locks',
      'ARCHIVE_LOCKED',
      'is open in another process',
      () => vi.spyOn(fileSystem, 'canLock').mockReturnValue(undefined),
    ],
  ])('%s is told as such', (_, code, message, prepare) => {
    const path = closedArchive()
    const lock = takeLock(path)!
    prepare(path)
    expect(() => openForWriting(path)).toThrow(told(code, message))
    lock.release()
    expect(openBeside(path)).toEqual([])
  })

  it.each<[string, string, string, (database: Database) => void]>([
    [
      'because it is another program’s',
      'ARCHIVE_UNREADABLE',
      'not a Grokscope archive',
      (database) => database.pragma('application_id = 7'),
    ],
    [
      'because it is damaged',
      'ARCHIVE_UNREADABLE',
      'is damaged: run r lacks its specification',
      (database) => {
        database.pragma('foreign_keys = OFF')
        const names = database.pragma("table_info('runs')") as { name: string; notnull: number; type: string }[]
        const needed = names.filter(({ name, notnull }) => notnull === 1 || name === 'id')
        const values = needed.map(({ name }) => (name === 'id' ? "'r'" : name === 'status' ? "'queued'" : '0'))
        database.pragma('ignore_check_constraints = ON')
        database.exec(`INSERT INTO runs (${needed.map(({ name }) => name).join()}) VALUES (${values.join()})`)
      },
    ],
  ])('%s is told so, and left as it was', (_, code, message, spoil) => {
    const path = closedArchive()
    const database = new DatabaseConstructor(path)
    spoil(database)
    database.close()
    const before = readFileSync(path)
    expect(() => openForWriting(path)).toThrow(told(code, message))
    expect([readFileSync(path).equals(before), beside(path), openBeside(path)]).toEqual([true, ['a'], []])
  })

  it.each(['trusted_schema = OFF', 'journal_mode = DELETE', 'wal_checkpoint(TRUNCATE)', 'synchronous = FULL'])(
    'because it is moved meanwhile, at %s, is told so, and can be opened where it is',
    (text) => {
      const path = closedArchive('kept')
      const moved = join(temporaryFolder(), 'b')
      whenAsked(text, () => renameSync(path, moved))
      expect(() => openForWriting(path)).toThrow(
        told('ARCHIVE_MOVED', 'was moved, deleted or replaced while it was being opened'),
      )
      expect([openBeside(dirname(path)), openBeside(moved), existsSync(lockPathOf(path))]).toEqual([[], [], false])
      expect(stored(openFile(moved))).toEqual(['kept'])
    },
  )

  it('because it is moved as it is brought to a newer version is told so, and stays at its own', () => {
    const path = closedArchive()
    const moved = join(temporaryFolder(), 'b')
    const steps = [...migrations, () => renameSync(path, moved)]
    expect(() => openForWriting(path, steps)).toThrow(
      told('ARCHIVE_MOVED', 'was moved, deleted or replaced while it was being opened'),
    )
    expect([openBeside(dirname(path)), openBeside(moved)]).toEqual([[], []])
    expect(storedIn(moved, ({ database }) => database.pragma('user_version', { simple: true }))).toBe(migrations.length)
  })

  it('because the log beside it is another’s is told so, and that is left', () => {
    const path = closedArchive()
    writeFileSync(`${path}-wal`, 'of another')
    expect(() => openForWriting(path)).toThrow(told('ARCHIVE_MOVED', 'does not belong to the log beside it'))
    expect([readFileSync(`${path}-wal`, 'utf8'), beside(path)]).toEqual(['of another', ['a', 'a-wal']])
  })

  it('because a program on another host writes it is told so, and only then what file systems do to locks', () => {
    vi.spyOn(fileSystem, 'canLock').mockReturnValue(false)
    const path = closedArchive('kept')
    expect(stored(openFile(path))).toEqual(['kept'])
    const other = openFile()
    const writer = new DatabaseConstructor(other.path)
    writer.exec("UPDATE writer SET token = 'another', host = 'elsewhere'")
    writer.close()
    const lock = `${other.path}.lock`
    renameSync(lock, `${lock}-kept`)
    expect(() => openForWriting(other.path)).toThrow(told('ARCHIVE_LOCKED', 'on host elsewhere'))
    renameSync(`${lock}-kept`, lock)
  })

  it('because its log cannot be taken into it, as a disk fails, is told so, and can be opened later', () => {
    const path = closedArchive('kept')
    whenAsked('journal_mode = DELETE', () => {
      throw new SqliteError('disk I/O error', 'SQLITE_IOERR_READ')
    })
    expect(() => openForWriting(path)).toThrow(told('ARCHIVE_UNREADABLE', 'the disk reports an error'))
    expect([beside(path), openBeside(path)]).toEqual([['a'], []])
    expect(stored(openFile(path))).toEqual(['kept'])
  })
})

describe('an archive whose log a reader keeps', () => {
  /** One that keeps a log, which stays as long as the reader has it open. */
  function keptLog() {
    const path = join(temporaryFolder(), 'a')
    copyFileSync(version1, path)
    const reader = new DatabaseConstructor(path, { readonly: true })
    reader.pragma('user_version')
    onTestFinished(() => void reader.close())
    return { path, reader }
  }

  it('is opened to be written where it has one name', () => {
    const { path } = keptLog()
    const file = openFile(path)
    store(file, 'more')
    expect(stored(file)).toEqual(['more'])
  })

  it('and that has two names is tried again, with pauses that grow', () => {
    const { path } = keptLog()
    linkSync(path, `${path}-hard`)
    const pauses = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
    vi.spyOn(Math, 'random').mockReturnValue(1)
    expect(() => openForWriting(path)).toThrow(told('ARCHIVE_LOCKED', 'is open in another process'))
    const asked = pauses.mock.calls.map(([, , , milliseconds]) => milliseconds!)
    expect(asked).toEqual(asked.toSorted((a, b) => a - b))
    expect(asked.at(-1)! / asked[0]!).toBeGreaterThan(4)
    expect(asked.at(-1)).toBeLessThanOrEqual(2000)
    expect(existsSync(lockPathOf(path))).toBe(false)
  })

  it('and that has two names is opened as soon as the reader has gone', () => {
    const { path, reader } = keptLog()
    linkSync(path, `${path}-hard`)
    const pauses = vi.spyOn(Atomics, 'wait').mockImplementationOnce(() => {
      reader.close()
      return 'timed-out'
    })
    expect(stored(openFile(path))).toEqual([])
    expect(pauses).toHaveBeenCalledTimes(1)
  })
})

describe('an archive of which a program that was killed left the log beside another name', () => {
  const names = Array.from({ length: 3000 }, (_, i) => `/sweep ${i}`)

  /** What is stored is in the log alone; where it `wasTaken`, so much of it is in the file that this is cut. */
  function killedWriter({ wasTaken = false } = {}) {
    const path = closedArchive()
    const { device, inode } = identifyFile(path)!
    const database = new DatabaseConstructor(path)
    database
      .prepare(
        `INSERT INTO writer (only, token, pid, host, since, path, device, inode, lockInode)
         VALUES (1, 'a', 1, 'elsewhere', 0, ?, ?, ?, '')`,
      )
      .run(path, device, inode)
    database.pragma('journal_mode = WAL')
    const length = statSync(path).size
    // All of it stays in the log.
    database.pragma('wal_autocheckpoint = 0')
    database.transaction(() => store({ database }, ...names))()
    const log = readFileSync(`${path}-wal`)
    const file = readFileSync(path)
    database.close()
    if (wasTaken) truncateSync(path, length)
    else writeFileSync(path, file)
    writeFileSync(`${path}-wal`, log)
    // Of a program on another host nothing was heard for long.
    const long = new Date('2026-01-01')
    utimesSync(path, long, long)
    const other = join(dirname(path), 'b')
    linkSync(path, other)
    return { path, other }
  }

  const killed = [
    ['', {}],
    [', also where it was being taken into the file', { wasTaken: true }],
  ] as const

  it.each(killed)('is read with what is in it%s', (_, state) => {
    const { path, other } = killedWriter(state)
    const file = openFile(other, openForReading)
    expect([file.path, stored(file).length, file.isWritten()]).toEqual([path, names.length, false])
    file.close()
    expect([beside(path), openBeside(dirname(path)), openCopies()]).toEqual([['a', 'a-wal', 'b'], [], []])
  })

  it.each(killed)('is written by the name beside which it lies%s, and nothing is left beside the other', (_, state) => {
    const { path, other } = killedWriter(state)
    const file = openFile(other)
    expect([file.path, stored(file).length]).toEqual([path, names.length])
    file.close()
    expect([beside(path), openBeside(dirname(path)), openCopies()]).toEqual([['a', 'b'], [], []])
    expect(storedIn(other)).toHaveLength(names.length)
  })

  it('is told as damaged where that log is gone and the file is not whole', () => {
    const { path, other } = killedWriter({ wasTaken: true })
    rmSync(`${path}-wal`)
    for (const way of [openForReading, openForWriting]) {
      expect(() => way(other)).toThrow(told('ARCHIVE_UNREADABLE', 'is damaged'))
    }
    expect([openBeside(dirname(path)), openCopies()]).toEqual([[], []])
  })
})
