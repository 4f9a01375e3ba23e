import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { applicationId, migrations } from '../../../src/main/store/migrations/migrate.ts'
import { eventsOf, measured, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'
import { refusal } from '../../support/refusal.ts'
import { writerProcesses } from '../../support/writerProcess.ts'

const { folder, open } = temporaryArchives()

const startWriter = writerProcesses()
const earlierArchive = join(import.meta.dirname, '../../support/archives/version1.grokscope')

describe('an archive', () => {
  it('is made with the folders above it, and opened again with what it holds', () => {
    const path = join(folder(), 'deep', 'er', 'mine.grokscope')
    const first = open(path)
    const { runIds } = first.runs.createExperiment({ spec: smallSpec({ seeds: [3, 4] }) })
    first.close()
    const again = open(path)
    expect(again.path).toBe(path)
    expect(again.runs.listRuns().map(({ id }) => id)).toEqual(runIds)
    again.close()
    expect(readdirSync(join(path, '..')).sort()).toEqual(['mine.grokscope'])
  })

  it('is recognizable as what it is', () => {
    const archive = open()
    archive.close()
    const header = readFileSync(archive.path).subarray(0, 100)
    expect(header.toString('latin1', 0, 15)).toBe('SQLite format 3')
    expect(header.readInt32BE(68)).toBe(applicationId)
    expect(header.readInt32BE(60)).toBe(migrations.length)
  })

  it('takes the place of an empty file', () => {
    const path = join(folder(), 'empty')
    writeFileSync(path, '')
    expect(open(path).runs.listRuns()).toEqual([])
  })

  it('keeps a reader on the state it asked for while another connection writes', () => {
    const writer = open()
    const [runId] = writer.runs.createExperiment({ spec: smallSpec() }).runIds
    const reader = open(writer.path, { readOnly: true })
    writer.applyEvents(eventsOf(runId!, [started, measured(0, { trainLoss: 1 })]))
    expect(reader.runs.run(runId!)).toMatchObject({ status: 'running', measured: ['trainLoss'] })
    expect(reader.curves.readCurves(runId!, ['trainLoss']).trainLoss.value).toEqual(Float64Array.of(1))
  })

  it.skipIf(process.getuid?.() === 0)('is read where nothing can be written beside it', () => {
    const archive = open()
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec() })
    archive.close()
    chmodSync(dirname(archive.path), 0o555)
    const reader = open(archive.path, { readOnly: true })
    expect(reader.runs.listRuns().map(({ id }) => id)).toEqual(runIds)
    reader.close()
    chmodSync(dirname(archive.path), 0o755)
  })

  it('opened to be read gives nothing of what was put in its place, nor of the log of that', () => {
    const [path, other] = [join(folder(), 'a'), join(folder(), 'b')]
    for (const made of [path, other]) open(made).close()
    const reader = open(path, { readOnly: true })
    expect(reader.runs.countRuns()).toBe(0)
    renameSync(path, `${path}-moved`)
    const gone = `${path} was moved, deleted or replaced since it was opened`
    expect(() => reader.runs.countRuns()).toThrow(gone)
    renameSync(other, path)
    const writer = open(path)
    writer.runs.createExperiment({ spec: smallSpec() })
    expect(existsSync(`${path}-wal`)).toBe(true)
    for (const read of [
      () => reader.runs.countRuns(),
      () => reader.tables.list({ limit: 1, where: '' }),
      () => reader.requireFile(),
    ]) {
      expect(read).toThrow(gone)
    }
    writer.close()
    renameSync(`${path}-moved`, path)
    expect(reader.runs.countRuns()).toBe(0)
  })

  it('opened to be read is all of one file, also where another is copied over it', () => {
    const [path, other] = [join(folder(), 'a'), join(folder(), 'b')]
    const [own, others] = [path, other].map((made) => {
      const archive = open(made)
      const { runIds } = archive.runs.createExperiment({ spec: smallSpec() })
      archive.close()
      return runIds
    })
    const reader = open(path, { readOnly: true })
    const read = () => reader.runs.listRuns().map(({ id }) => id)
    expect(read()).toEqual(own)
    copyFileSync(other, path)
    // SQLite takes them for one where as much was written in both.
    if (reader.hasChanged()) expect(read()).toEqual(others)
    else expect(read).toThrow(`${path} was overwritten by another file since it was opened`)
    writeFileSync(path, readFileSync(other).subarray(0, 5000))
    expect(read).toThrow('overwritten')
  })

  it('opened to be read says so where a backup of an earlier version is copied over it', () => {
    const path = join(folder(), 'a')
    open(path).close()
    const reader = open(path, { readOnly: true })
    expect(reader.runs.countRuns()).toBe(0)
    copyFileSync(earlierArchive, path)
    expect(() => reader.runs.countRuns()).toThrow(`${path} was overwritten by another file since it was opened`)
  })

  it('opened to be read says so where a newer version has upgraded it', () => {
    const path = join(folder(), 'a')
    open(path).close()
    const reader = open(path, { readOnly: true })
    expect(reader.runs.countRuns()).toBe(0)
    const newer = new DatabaseConstructor(path)
    newer.exec('CREATE TABLE further (value); PRAGMA user_version = 999')
    newer.close()
    const message = `${path} was upgraded to version 999 by a newer Grokscope since it was opened; nothing more is read of it`
    for (const read of [() => reader.runs.countRuns(), () => reader.requireFile()]) {
      expect(read).toThrow(expect.objectContaining({ code: 'ARCHIVE_NEWER', message }))
    }
  })

  it('of an earlier version, which is read in a copy, is one file whatever number the system gives it', () => {
    const path = join(folder(), 'a')
    // All are there from the beginning, so that no number is given again.
    const written = new Date('2025-11-30')
    const place = (name: string, time: Date) => {
      copyFileSync(earlierArchive, name)
      utimesSync(name, time, time)
      renameSync(name, path)
    }
    const names = ['b', 'c', 'd'].map((name) => join(dirname(path), name)) as [string, string, string]
    for (const name of names) copyFileSync(earlierArchive, name)
    place(names[0], written)
    const reader = open(path, { readOnly: true })
    const runs = reader.runs.countRuns()
    place(names[1], written)
    expect(reader.runs.countRuns()).toBe(runs)
    place(names[2], new Date('2026-11-30'))
    expect(() => reader.runs.countRuns()).toThrow(`${path} was moved, deleted or replaced since it was opened`)
  })

  it('opened to be read cannot be written', () => {
    const { path, close } = open()
    close()
    const reader = open(path, { readOnly: true })
    expect(() => reader.runs.createExperiment({ spec: smallSpec() })).toThrow(`${path} cannot be written`)
  })
})

describe('an archive that cannot be opened', () => {
  const refused = (path: string, readOnly: boolean) => refusal(() => open(path, { readOnly }))
  /** Makes the file, and says what is refused. */
  const cases: [string, (path: string) => void, { readOnly: boolean; code: string; message: RegExp }[]][] = [
    ['a folder', (path) => mkdirSync(path), both('ARCHIVE_UNREADABLE', /is a folder; an archive is a file/)],
    [
      'no SQLite database',
      (path) => writeFileSync(path, 'x'.repeat(5000)),
      both('ARCHIVE_UNREADABLE', /is no SQLite database/),
    ],
    [
      'a few bytes',
      (path) => writeFileSync(path, 'SQLite format 3'),
      both('ARCHIVE_UNREADABLE', /is no SQLite database|is a SQLite database, but not/),
    ],
    [
      'a database of another program',
      (path) => database(path, 'CREATE TABLE notes (text)'),
      both('ARCHIVE_UNREADABLE', /is a SQLite database, but not a Grokscope archive/),
    ],
    [
      'an archive of a newer version',
      (path) => archiveThen(path, 'PRAGMA user_version = 999'),
      both('ARCHIVE_NEWER', /is an archive of version 999; this Grokscope, [\d.]+, knows versions up to \d+/),
    ],
    [
      'an archive of a newer version, which says what computed in it',
      (path) =>
        archiveThen(
          path,
          `PRAGMA foreign_keys = OFF; PRAGMA user_version = 999;
           INSERT INTO documents (runId, spec, givenStart, provenance) VALUES ('a', '{}', 0, '{"grokscope":"9.9.9"}')`,
        ),
      both('ARCHIVE_NEWER', /version 999, in which Grokscope 9\.9\.9 computed; this Grokscope, [\d.]+, knows/),
    ],
    [
      'an archive with a table too many',
      (path) => archiveThen(path, 'CREATE TABLE more (x)'),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive: CREATE TABLE more/),
    ],
    [
      'an archive with a trigger',
      (path) => archiveThen(path, 'CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END'),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive: CREATE TRIGGER/),
    ],
    [
      'a trigger under the name of statistics',
      (path) =>
        archiveThen(path, 'CREATE TRIGGER sqliteXstat_t BEFORE INSERT ON hotRows BEGIN SELECT RAISE(ROLLBACK, 1); END'),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive: CREATE TRIGGER sqliteXstat_t/),
    ],
    [
      'a view under the name of statistics',
      (path) => archiveThen(path, 'CREATE VIEW "sqlite%stat1" AS SELECT 1'),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive: CREATE VIEW/),
    ],
    [
      'definitions that are no text',
      (path) =>
        archiveThen(
          path,
          `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'runs'`,
        ),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive|is damaged/),
    ],
    [
      'an archive with a view for a table',
      (path) => archiveThen(path, 'DROP TABLE tags; CREATE VIEW tags AS SELECT 1 AS runId, 2 AS tag'),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive: CREATE VIEW/),
    ],
    [
      'an archive without a table',
      (path) => archiveThen(path, 'DROP TABLE tags'),
      both('ARCHIVE_UNREADABLE', /has not the tables of an archive: CREATE TABLE tags/),
    ],
    [
      'an empty file to be read',
      (path) => writeFileSync(path, ''),
      [{ readOnly: true, code: 'ARCHIVE_UNREADABLE', message: /is empty/ }],
    ],
    ['nothing to be read', () => {}, [{ readOnly: true, code: 'NOT_FOUND', message: /there is no archive/ }]],
    [
      'a read-only file to be written',
      (path) => (archiveThen(path, ''), chmodSync(path, 0o444)),
      [{ readOnly: false, code: 'ARCHIVE_UNREADABLE', message: /is read-only/ }],
    ],
    [
      'a broken link to be read',
      (path) => symlinkSync(`${path}-nowhere`, path),
      [{ readOnly: true, code: 'NOT_FOUND', message: /there is no archive/ }],
    ],
    [
      'rows that are not what they must be',
      (path) => archiveThen(path, badRow),
      both('ARCHIVE_UNREADABLE', /is damaged: (run r1 has an unknown status|CHECK constraint failed in runs)/),
    ],
    [
      'a row that belongs to nothing',
      (path) => archiveThen(path, "PRAGMA foreign_keys = OFF; INSERT INTO tags VALUES ('nobody', 'x')"),
      both('ARCHIVE_UNREADABLE', /is damaged: a row of tags lacks what it belongs to in runs/),
    ],
    [
      'a run without its specification',
      (path) => archiveThen(path, orphan),
      both('ARCHIVE_UNREADABLE', /is damaged: run r1 lacks its specification/),
    ],
  ]
  const insertRun = (status: string) => `
    PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
    INSERT INTO experiments VALUES ('e1', 'x', NULL, '{}', 0);
    INSERT INTO runs (id, experimentId, name, seed, status, steps, createdAt)
    VALUES ('r1', 'e1', 'x', 0, '${status}', 1, 0)`
  const badRow = `${insertRun('<script>')}; INSERT INTO documents (runId, spec, givenStart) VALUES ('r1', '{}', 0)`
  const orphan = insertRun('finished')

  function both(code: string, message: RegExp) {
    return [true, false].map((readOnly) => ({ readOnly, code, message }))
  }

  function database(path: string, sql: string): void {
    const made = new DatabaseConstructor(path).unsafeMode()
    made.exec(sql)
    made.close()
  }

  function archiveThen(path: string, sql: string): void {
    open(path).close()
    database(path, sql)
  }

  it.each(cases)('because it is %s is refused by name and left as it was', (_, make, refusals) => {
    const path = join(folder(), 'archive')
    make(path)
    const bytes = () =>
      statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path).toString('base64') : undefined
    const before = bytes()
    for (const { readOnly, code, message } of refusals) {
      const error = refused(path, readOnly)
      expect(error).toMatchObject({ name: 'LabError', code })
      expect(error.message).toMatch(message)
      expect(error.message).toContain(path)
    }
    expect(bytes()).toEqual(before)
  })

  it.each([
    ['in a circle of links', (path: string) => symlinkSync(path, path), (path: string) => path],
    ['of a name too long', () => undefined, (path: string) => path + 'x'.repeat(300)],
  ])('because it is %s is refused by name', (_, make, pathOf) => {
    const path = join(folder(), 'archive')
    make(path)
    for (const readOnly of [true, false]) {
      const error = refused(pathOf(path), readOnly)
      expect(error).toMatchObject({ name: 'LabError', code: 'ARCHIVE_UNREADABLE' })
      expect(error.message).toMatch(/^\/.*archivex* cannot be reached \(E[A-Z]+\)$/)
    }
  })

  it('because a file is where its folder should be is refused by name', () => {
    const file = join(folder(), 'file')
    writeFileSync(file, 'x')
    expect(() => open(join(file, 'archive'))).toThrow(
      `${join(file, 'archive')} cannot be made: its folder ${file} cannot`,
    )
    expect(() => open(join(file, 'archive'), { readOnly: true })).toThrow('there is no archive')
  })

  it('leaves no lock beside a database of another program', () => {
    const path = join(folder(), 'other')
    database(path, 'CREATE TABLE notes (text)')
    refused(path, false)
    expect(readdirSync(join(path, '..'))).toEqual(['other'])
  })
})

describe('the right to write', () => {
  it('belongs to one at a time, also within a process', () => {
    const first = open()
    expect(() => open(first.path)).toThrow(
      `${first.path} is open in process ${process.pid} on host ${hostname()}, and one process at a time may write in it`,
    )
    const link = join(folder(), 'link')
    symlinkSync(first.path, link)
    expect(() => open(link)).toThrow(expect.objectContaining({ code: 'ARCHIVE_LOCKED' }))
    first.close()
    expect(open(first.path).runs.listRuns()).toEqual([])
  })

  it('is refused while another process has it, and free as soon as that is killed', async () => {
    const path = join(folder(), 'archive')
    const writer = await startWriter(path, 'hold')
    const refused = {
      code: 'ARCHIVE_LOCKED',
      message: expect.stringContaining(`is open in process ${writer.pid}`) as string,
    }
    expect(() => open(path)).toThrow(expect.objectContaining(refused))
    expect(open(path, { readOnly: true }).runs.listRuns()).toEqual([])
    await writer.kill()
    expect(open(path).runs.createExperiment({ spec: smallSpec() }).runIds).toHaveLength(1)
  })
})

describe('a process that is killed while it writes', () => {
  it('leaves a sound archive with everything it had stored, time and again', async () => {
    const archive = open()
    const spec = smallSpec({ dynamics: { kind: 'isolated', steps: 1_000_000_000 } })
    const [runId] = archive.runs.createExperiment({ spec }).runIds
    archive.applyEvents(eventsOf(runId!, [started, measured(0, { trainLoss: 0 }), snapshot(0)]))
    archive.close()
    let stored = 0
    for (let round = 0; round < 5; round++) {
      const writer = await startWriter(archive.path, runId!)
      const batches = Math.floor(Math.random() * 20)
      await expect.poll(() => writer.said().length, { interval: 1 }).toBeGreaterThan(batches)
      await writer.kill()
      const told = Number(writer.said().at(-1))

      const checked = new DatabaseConstructor(archive.path)
      expect(checked.pragma('integrity_check', { simple: true })).toBe('ok')
      expect(checked.pragma('foreign_key_check')).toEqual([])
      checked.close()

      const after = open(archive.path)
      const { step, value } = after.curves.readCurves(runId!, ['trainLoss']).trainLoss
      expect(step.length).toBeGreaterThanOrEqual(Math.max(told + 1, stored))
      expect(step.every((found, row) => found === row)).toBe(true)
      expect(value).toEqual(step.map(Math.sin))
      const latest = after.snapshots.latestSnapshot(runId!)!
      expect(latest.step).toBe(Math.floor((step.length - 1) / 70) * 70)
      expect(after.runs.status(runId!)).toBe('running')
      stored = step.length
      after.close()
    }
  })
})
