import {
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
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
import { fileSystem } from '../../../src/main/store/fileSystem.ts'
import { migrations } from '../../../src/main/store/migrations/migrate.ts'
import { migrationProgress, type MigrationProgress } from '../../../src/main/store/migrations/migrationProgress.ts'
import { openForReading, openForWriting, type OpenFile } from '../../../src/main/store/openFile.ts'
import { renewArchive } from '../../../src/main/store/renewArchive.ts'
import { leftAsItIs, takeRenewed } from '../../../src/main/store/renewedCopy.ts'
import { filesOpenHere, temporaryFolder } from '../../support/folders.ts'

const version1 = join(import.meta.dirname, '../../support/archives/version1.grokscope')

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Opens an archive that is closed when the test is over. */
function open(path = join(temporaryFolder(), 'a'), way = openForWriting): OpenFile {
  const file = way(path)
  onTestFinished(() => file.close())
  return file
}

/** Something that is stored, by its name; of what is there, all of them. */
const store = ({ database }: Pick<OpenFile, 'database'>, ...names: string[]) => {
  const insert = database.prepare('INSERT INTO sweeps (path, computes) VALUES (?, 0)')
  for (const name of names) insert.run(name)
}
const stored = ({ database }: Pick<OpenFile, 'database'>) =>
  database.prepare('SELECT path FROM sweeps ORDER BY rowid').pluck().all()

/** A closed archive in a folder of its own, with what is stored in it. */
function closedArchive(...names: string[]): string {
  const file = openForWriting(join(temporaryFolder(), 'a'))
  store(file, ...names)
  file.close()
  return file.path
}

/** What is stored in a file alone, which is looked at in a copy. */
function storedIn(path: string, what: (file: { database: Database }) => unknown = stored): unknown {
  const copy = join(temporaryFolder(), 'copy')
  copyFileSync(path, copy)
  const database = new DatabaseConstructor(copy)
  try {
    return what({ database })
  } finally {
    database.close()
  }
}

const pragma = ({ database }: OpenFile, name: string) => database.pragma(name, { simple: true })
const beside = (path: string) => readdirSync(dirname(path)).toSorted()
const openBeside = (path: string) => filesOpenHere().filter((name) => name.startsWith(path))
const told = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string }) as Error

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
    const file = open(path)
    const names = ['auto_vacuum', 'journal_mode', 'synchronous', 'journal_size_limit', 'busy_timeout', 'trusted_schema']
    expect(names.map((name) => pragma(file, name))).toEqual([2, 'wal', 2, 2 ** 26, 5000, 0])
    expect([file.path, file.isWritten(), beside(path)]).toEqual([path, true, ['a', 'a-shm', 'a-wal', 'a.lock']])
    file.check()
    file.close()
    expect([file.database.open, beside(path), openBeside(path)]).toEqual([false, ['a'], []])
    expect(storedIn(path, ({ database }) => database.pragma('journal_mode', { simple: true }))).toBe('delete')
  })

  it('is closed once, however often that is asked for', () => {
    const first = open()
    first.close()
    const second = open(first.path)
    first.close()
    expect(() => openForWriting(first.path)).toThrow(told('ARCHIVE_LOCKED', `is open in process ${process.pid}`))
    store(second, 'kept')
    second.close()
    expect(storedIn(first.path)).toEqual(['kept'])
  })

  it('says in the file itself who writes it, where it is seen by every name', () => {
    const { path } = open()
    const writer = ({ database }: { database: Database }) => database.prepare('SELECT path, pid FROM writer').get()
    expect(storedIn(path, writer)).toEqual({ path, pid: process.pid })
  })

  it('has all that was stored in the file when it is closed, wherever that was moved', () => {
    const file = open()
    store(file, 'before')
    const moved = join(temporaryFolder(), 'b')
    renameSync(file.path, moved)
    expect(() => file.check()).toThrow(told('ARCHIVE_MOVED', 'was moved, deleted or replaced while it was open'))
    expect(() => store(file, 'after')).toThrow('was moved')
    file.close()
    expect([storedIn(moved), openBeside(moved)]).toEqual([['before'], []])
  })

  it.each([
    ['another archive', () => readFileSync(closedArchive('of the other'))],
    ['what is none', () => Buffer.from('something else, longer than the header of one: '.repeat(40))],
  ])('leaves %s that was copied over it as that is, and takes its own log away', (_, make) => {
    const other = make()
    const file = open()
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
    const file = open()
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
    const file = open()
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
    const file = open()
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
      expect(stored(open(moved))).toEqual(['kept'])
    },
  )

  it('because its log cannot be taken into it, as a disk fails, is told so, and can be opened later', () => {
    const path = closedArchive('kept')
    whenAsked('journal_mode = DELETE', () => {
      throw new SqliteError('disk I/O error', 'SQLITE_IOERR_READ')
    })
    expect(() => openForWriting(path)).toThrow(told('ARCHIVE_UNREADABLE', 'the disk reports an error'))
    expect([beside(path), openBeside(path)]).toEqual([['a'], []])
    expect(stored(open(path))).toEqual(['kept'])
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
    const file = open(path)
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
    expect(existsSync(lockPathOf(path))).toBe(false)
  })

  it('and that has two names is opened as soon as the reader has gone', () => {
    const { path, reader } = keptLog()
    linkSync(path, `${path}-hard`)
    const pauses = vi.spyOn(Atomics, 'wait').mockImplementationOnce(() => {
      reader.close()
      return 'timed-out'
    })
    expect(stored(open(path))).toEqual([])
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
    const file = open(other, openForReading)
    expect([file.path, stored(file).length, file.isWritten()]).toEqual([path, names.length, false])
    file.close()
    expect([beside(path), openBeside(dirname(path))]).toEqual([['a', 'a-wal', 'b'], []])
  })

  it.each(killed)('is written by the name beside which it lies%s, and nothing is left beside the other', (_, state) => {
    const { path, other } = killedWriter(state)
    const file = open(other)
    expect([file.path, stored(file).length]).toEqual([path, names.length])
    file.close()
    expect([beside(path), openBeside(dirname(path))]).toEqual([['a', 'b'], []])
    expect(storedIn(other)).toHaveLength(names.length)
  })

  it('is told as damaged where that log is gone and the file is not whole', () => {
    const { path, other } = killedWriter({ wasTaken: true })
    rmSync(`${path}-wal`)
    for (const way of [openForReading, openForWriting]) {
      expect(() => way(other)).toThrow(told('ARCHIVE_UNREADABLE', 'is damaged'))
    }
    expect(openBeside(dirname(path))).toEqual([])
  })
})

describe('an archive that is opened to be read', () => {
  it('says whether a program writes it, and is read no more once it is closed', () => {
    const writer = open()
    const reader = open(writer.path, openForReading)
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
    const reader = open(path, openForReading)
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

  it('of an earlier version is read in a copy at the newest, which goes with it', () => {
    const path = join(temporaryFolder(), 'a')
    copyFileSync(version1, path)
    const before = readFileSync(path)
    const reader = open(path, openForReading)
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
      const file = open(renewed, openForReading)
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
