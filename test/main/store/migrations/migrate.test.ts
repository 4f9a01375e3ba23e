import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { SqliteError, type Database } from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  applicationId,
  migrate,
  migrations,
  versionOf,
  type Migration,
} from '../../../../src/main/store/migrations/migrate.ts'
import { migrationProgress, type MigrationProgress } from '../../../../src/main/store/migrations/migrationProgress.ts'
import { countGivenPairs } from '../../../../src/main/store/migrations/013CountGivenPairs.ts'
import { nameFigures } from '../../../../src/main/store/migrations/008NameFigures.ts'
import { keepSeals } from '../../../../src/main/store/migrations/keepSeals.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { version } from '../../../../src/shared/version.ts'
import { openForReading, openForWriting } from '../../../../src/main/store/openFile.ts'
import {
  eventsOf,
  matrix,
  measured,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
} from '../../../support/archive.ts'

const { folder, open } = temporaryArchives()

const addColumn: Migration = (database) => database.exec('ALTER TABLE runs ADD COLUMN mood TEXT')
const addTable: Migration = (database) => {
  database.exec('CREATE TABLE later (runId TEXT REFERENCES runs (id))')
  database.exec('INSERT INTO later SELECT id FROM runs')
}
const failing: Migration = (database) => {
  database.exec('DELETE FROM events; ALTER TABLE runs ADD COLUMN half TEXT')
  database.exec('INSERT INTO nowhere VALUES (1)')
}
const breaking: Migration = (database) => database.exec('DELETE FROM runs WHERE seed = 0')

function everything(database: Database): unknown {
  const tables = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").all() as {
    name: string
  }[]
  return tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()])
}

/** An archive file with a finished run in it. */
function filledArchive(): { path: string; runId: string } {
  const archive = open()
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds
  archive.applyEvents(eventsOf(runId!, [started, measured(1, { trainLoss: 2 }), snapshot(1), settled()]))
  archive.close()
  return { path: archive.path, runId: runId! }
}

describe('migrations', () => {
  it('bring an empty file to the newest version, and say what it is', () => {
    const database = new DatabaseConstructor(':memory:')
    migrate(database)
    expect(versionOf(database)).toBe(migrations.length)
    expect(database.pragma('application_id', { simple: true })).toBe(applicationId)
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    const tables = database.pragma('table_list') as { name: string; schema: string; strict: number }[]
    const own = tables.filter(({ name }) => !name.startsWith('sqlite_'))
    expect(own.map(({ name }) => name).toSorted()).toEqual([
      ...['chunks', 'datasets', 'documents', 'events', 'experiments', 'facets', 'figures', 'hotRows', 'latest'],
      ...['matrices', 'measurementColumns', 'parts', 'runs', 'snapshots', 'sweeps', 'tags', 'writer'],
    ])
    expect(own.filter(({ strict }) => !strict)).toEqual([])
  })

  it('change nothing in an archive of the newest version', () => {
    const { path } = filledArchive()
    const database = new DatabaseConstructor(path)
    const before = everything(database)
    migrate(database)
    expect(everything(database)).toEqual(before)
    database.close()
  })

  it('call a figure by its paper too, and keep the seals of its runs', () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec(), figure: 'musat2025/fig6' }).runIds
    archive.close()
    const database = new DatabaseConstructor(archive.path)
    keepSeals(database, () => database.exec("UPDATE experiments SET figure = 'fig6'"))
    nameFigures(database)
    database.close()
    const reopened = open(archive.path)
    expect(reopened.runs.run(runId!).figure).toBe('musat2025/fig6')
    expect(() => reopened.integrity.require(runId!)).not.toThrow()
    reopened.close()
  })

  it('count the training pairs of runs whose start gave them their own, and keep their seals', () => {
    const archive = open()
    const spec = smallSpec()
    const initial = { parameters: { E: matrix(5, 16) }, train: Int32Array.of(1, 4, 5, 11) }
    const runs = [{ spec: toRunSpec(spec, 0), initial: () => initial }, { spec: toRunSpec(spec, 1) }]
    const { runIds } = archive.runs.createExperiment({ spec, runs })
    archive.close()
    const database = new DatabaseConstructor(archive.path)
    const counts = () => database.prepare('SELECT trainPairs FROM runs ORDER BY seed').pluck().all()
    keepSeals(database, () => database.exec('UPDATE runs SET trainPairs = 9'))
    countGivenPairs(database)
    expect(counts()).toEqual([4, 9])
    database.close()
    const reopened = open(archive.path)
    expect(() => reopened.integrity.require(runIds[0]!)).not.toThrow()
    expect(() => reopened.integrity.require(runIds[1]!)).not.toThrow()
    reopened.close()
  })

  it('tell how far they are, from the beginning to the end and never back, of archives that are there', () => {
    const told: MigrationProgress[] = []
    const listen = (message: unknown) => void told.push(message as MigrationProgress)
    migrationProgress.subscribe(listen)
    onTestFinished(() => void migrationProgress.unsubscribe(listen))
    const { path } = filledArchive()
    expect(told).toEqual([])
    const inParts: Migration = (_, tell) => [0.25, 0.2, 0.5, 1].forEach((share) => tell(share))
    openForWriting(path, [...migrations, addColumn, inParts]).close()
    const [from, to] = [migrations.length, migrations.length + 2]
    // One part of 21, then 20: 1, 6, 11 and 21 of them.
    const shares = [0, 0.04, 0.28, 0.52, 1]
    expect(told).toEqual(shares.map((share) => ({ path, from, to, runs: 1, share })))
    openForWriting(path, [...migrations, addColumn, inParts]).close()
    expect(told.length).toBe(shares.length)
  })

  it('tell of each run of a kept archive as it is brought from version to version', () => {
    const path = join(folder(), 'version1')
    copyFileSync(join(import.meta.dirname, '../../../support/archives/version1.grokscope'), path)
    const shares: number[] = []
    const listen = (message: unknown) => void shares.push((message as MigrationProgress).share)
    migrationProgress.subscribe(listen)
    onTestFinished(() => void migrationProgress.unsubscribe(listen))
    openForWriting(path).close()
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect([shares[0], shares.at(-1)]).toEqual([0, 1])
    // Not only after each of the steps.
    expect(shares.length).toBeGreaterThan(migrations.length + 5)
  })

  it('keep the rows of the version before', () => {
    const { path, runId } = filledArchive()
    const { database, close } = openForWriting(path, [...migrations, addColumn, addTable])
    expect(versionOf(database)).toBe(migrations.length + 2)
    expect(database.prepare('SELECT id, status, mood FROM runs').all()).toEqual([
      { id: runId, status: 'finished', mood: null },
    ])
    expect(database.prepare('SELECT runId FROM later').pluck().all()).toEqual([runId])
    close()
  })

  it.each([
    ['fails', failing, /could not be brought to version \d+: no such table: nowhere/],
    [
      'leaves rows that refer to nothing',
      breaking,
      /could not be brought to version \d+: \d+ rows would lose what they refer to/,
    ],
  ])('leave the archive at the last version that worked where one %s', (_, bad, message) => {
    const { path } = filledArchive()
    const before = new DatabaseConstructor(path)
    const contents = everything(before)
    before.close()
    expect(() => openForWriting(path, [...migrations, bad])).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }),
    )
    expect(() => openForWriting(path, [...migrations, bad])).toThrow(message)
    const after = new DatabaseConstructor(path)
    expect(versionOf(after)).toBe(migrations.length)
    const withoutWriter = (rows: unknown) => (rows as [string, unknown][]).filter(([name]) => name !== 'writer')
    expect(withoutWriter(everything(after))).toEqual(withoutWriter(contents))
    after.close()
    expect(open(path).runs.listRuns()).toHaveLength(1)
  })

  it('are kept up to the one that fails, but for those of a new file, which are made together', () => {
    const { path } = filledArchive()
    const last = new DatabaseConstructor(path)
    expect(() => migrate(last, [...migrations, addColumn, failing])).toThrow(/to version \d+: no such table: nowhere/)
    expect(versionOf(last)).toBe(migrations.length + 1)
    last.close()
    const fresh = new DatabaseConstructor(':memory:')
    expect(() => migrate(fresh, [...migrations, failing])).toThrow(/to version \d+: no such table: nowhere/)
    expect(versionOf(fresh)).toBe(0)
    fresh.close()
  })

  it('are not made again that another program has made meanwhile', () => {
    const { path, runId } = filledArchive()
    const [one, other] = [new DatabaseConstructor(path), new DatabaseConstructor(path)]
    const steps = [...migrations, addColumn, addTable]
    let isFirst = true
    const check = () => {
      if (isFirst) migrate(other, steps)
      isFirst = false
    }
    migrate(one, steps, { check })
    expect(versionOf(one)).toBe(steps.length)
    expect(one.prepare('SELECT runId FROM later').pluck().all()).toEqual([runId])
    one.close()
    other.close()
  })

  it.each([new LabError('ARCHIVE_MOVED', 'it was moved'), new SqliteError('no room', 'SQLITE_FULL')])(
    'say what has words elsewhere as it is: %s',
    (error) => {
      const { path } = filledArchive()
      const database = new DatabaseConstructor(path)
      const step: Migration = () => {
        throw error
      }
      expect(() => migrate(database, [...migrations, step])).toThrow(error)
      database.close()
    },
  )

  it('are not known of an archive that is newer, which is said with the version of the program that computed in it', () => {
    const { path } = filledArchive()
    const database = new DatabaseConstructor(path)
    database.pragma('user_version = 999')
    const known = (where: string) =>
      `${path} is an archive of version 999${where}; this Grokscope, ${version}, knows versions up to ${migrations.length}`
    database.exec("UPDATE documents SET provenance = '{}'")
    expect(() => migrate(database)).toThrow(new LabError('ARCHIVE_NEWER', known('')))
    database.exec(`UPDATE documents SET provenance = '{"grokscope":"7.8.9"}'`)
    expect(() => migrate(database)).toThrow(new LabError('ARCHIVE_NEWER', known(', in which Grokscope 7.8.9 computed')))
    database.close()
  })

  it('give the cause of what is a defect', () => {
    const { path } = filledArchive()
    const database = new DatabaseConstructor(path)
    const causeOf = (step: Migration) => {
      try {
        migrate(database, [...migrations, step])
      } catch (error) {
        return (error as Error).cause
      }
      throw new Error('it worked')
    }
    const defect = new TypeError('no such thing')
    const broken = () => {
      throw defect
    }
    expect([causeOf(broken), causeOf(failing)]).toEqual([defect, undefined])
    database.close()
  })

  it('of a file that may only be read are made in a copy', () => {
    const { path, runId } = filledArchive()
    const { database, close, path: shown } = openForReading(path, [...migrations, addColumn])
    expect(shown).toBe(path)
    expect(database.prepare('SELECT id, mood FROM runs').all()).toEqual([{ id: runId, mood: null }])
    close()
    const original = new DatabaseConstructor(path, { readonly: true })
    expect(versionOf(original)).toBe(migrations.length)
    original.close()
  })

  it('are not tried on an archive whose tables are not those of its version', () => {
    const { path } = filledArchive()
    const database = new DatabaseConstructor(path)
    database.exec('CREATE TRIGGER trap AFTER UPDATE ON runs BEGIN DELETE FROM runs; END')
    database.close()
    expect(() => openForWriting(path, [...migrations, addColumn])).toThrow(/has not the tables of an archive/)
  })

  it('of an archive that does not exist yet leave none behind where they fail', () => {
    const path = join(folder(), 'new')
    expect(() => openForWriting(path, [...migrations, failing])).toThrow(/could not be brought/)
    expect(open(path).runs.listRuns()).toEqual([])
  })
})
