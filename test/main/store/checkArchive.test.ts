import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { checkIdentity, checkRows, distrustSchema } from '../../../src/main/store/checkArchive.ts'
import { migrations } from '../../../src/main/store/migrations/migrate.ts'
import { eventsOf, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

/** An archive with a run that has a snapshot, closed and changed, and what is said of it where it may be written and where it is only read. */
function said(change: string | ((database: Database) => void)): string[] {
  const archive = open()
  const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
  archive.applyEvents(eventsOf(runId, [started, snapshot(0)]))
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  database.pragma('foreign_keys = OFF')
  database.pragma('ignore_check_constraints = ON')
  if (typeof change === 'string') database.exec(change)
  else change(database)
  database.close()
  return [false, true].map((readonly) => {
    const changed = new DatabaseConstructor(archive.path, { readonly })
    onTestFinished(() => void changed.close())
    try {
      checkIdentity(changed, 'a', migrations)
      checkRows(changed, 'a')
      return ''
    } catch (error) {
      return (error as Error).message.replace(runId, 'RUN')
    }
  })
}
const both = (message: string) => [message, message]

it('an archive is one, however its tables were set, and with what SQLite keeps for itself', () => {
  expect(said('ANALYZE')).toEqual(both(''))
  const widened = (database: Database) => {
    database.unsafeMode()
    database.pragma('writable_schema = ON')
    database.exec("UPDATE sqlite_schema SET sql = replace(sql, ' ', '   ') WHERE name = 'runs'")
  }
  expect(said(widened)).toEqual(both(''))
})

it('rows that none can have are told by what is wrong with them: by SQLite where it checks, else here', () => {
  expect(said("UPDATE runs SET status = '<script>'")).toEqual([
    'a is damaged: CHECK constraint failed in runs',
    'a is damaged: run RUN has an unknown status',
  ])
  expect(said("UPDATE snapshots SET reason = 'whim'")).toEqual([
    'a is damaged: CHECK constraint failed in snapshots',
    'a is damaged: run RUN has a snapshot for an unknown reason',
  ])
  expect(said('DELETE FROM documents')).toEqual(both('a is damaged: run RUN lacks its specification'))
  expect(said("INSERT INTO tags VALUES ('nobody', 'x')")).toEqual(
    both('a is damaged: a row of tags lacks what it belongs to in runs'),
  )
})

it('an index that is not that of its table is told, and how the file may become whole again', () => {
  const forget = (database: Database) => {
    database.unsafeMode()
    const where = "FROM sqlite_schema WHERE name = 'runsByStatus'"
    const index = database.prepare(`SELECT * ${where}`).raw().get() as unknown[]
    database.pragma('writable_schema = ON')
    database.exec(`DELETE ${where}`)
    database.pragma('writable_schema = RESET')
    database.exec("UPDATE runs SET status = 'failed'")
    database.pragma('writable_schema = ON')
    database.prepare('INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)').run(...index)
    database.pragma('writable_schema = RESET')
  }
  const told =
    'row 1 missing from index runsByStatus; if only the index is, run REINDEX of SQLite in a copy of the file'
  expect(said(forget)).toEqual(both(`a is damaged: ${told}`))
  const mended = (database: Database) => {
    forget(database)
    database.exec('REINDEX')
  }
  expect(said(mended)).toEqual(both(''))
})

it('tables that are none of an archive are named, as far as there is room', () => {
  const name = 'x'.repeat(100)
  const stranger = `CREATE TABLE ${name} (y) (table ${name})`
  expect(said(`CREATE TABLE ${name} (y)`)).toEqual(
    both(`a has not the tables of an archive: ${stranger.slice(0, 80)}…`),
  )
  const blob = (database: Database) => {
    database.unsafeMode()
    database.pragma('writable_schema = ON')
    database.exec("UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'tags'")
  }
  for (const message of said(blob))
    expect(message).toMatch(/has not the tables of an archive: not a text \(table tags\)/)
})

it('nothing that a foreign file defines is run, and its pages are held against their sizes', () => {
  const database = new DatabaseConstructor(':memory:')
  distrustSchema(database)
  const settings = ['trusted_schema', 'cell_size_check', 'cache_size']
  expect(settings.map((name) => database.pragma(name, { simple: true }))).toEqual([0, 1, -2048])
  database.close()
})
