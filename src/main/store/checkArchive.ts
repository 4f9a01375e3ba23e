import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { runStatuses, snapshotReasons } from '../../shared/run.ts'
import { applicationId, applicationOf, migrate, newerArchive, versionOf, type Migration } from './migrations/migrate.ts'

/** Refuses what is no archive, one of a newer version, and one whose tables are not those of its version. */
export function checkIdentity(database: Database, path: string, steps: readonly Migration[]): void {
  atOneMoment(database, () => checkVersion(database, path, steps))
}

/** Another program may bring the archive to a newer version between two statements, but not within a transaction. */
function atOneMoment(database: Database, look: () => void): void {
  database.transaction(look).deferred()
}

function checkVersion(database: Database, path: string, steps: readonly Migration[]): void {
  if (applicationOf(database) !== applicationId)
    throw unreadable(path, 'is a SQLite database, but not a Grokscope archive')
  const version = versionOf(database)
  if (version > steps.length) throw newerArchive(database, path, version, steps.length)
  checkSchema(database, path, steps.slice(0, version))
}

/** Refuses a file whose tables and indices are not letter for letter those that the migrations make, and all else. */
function checkSchema(database: Database, path: string, steps: readonly Migration[]): void {
  const expected = new DatabaseConstructor(':memory:')
  try {
    migrate(expected, steps)
    const [given, needed] = [schemaOf(database), schemaOf(expected)]
    if (given.length === needed.length && given.every((definition, i) => definition === needed[i])) return
    const stranger = given.find((definition) => !needed.includes(definition)) ?? needed.find((w) => !given.includes(w))
    throw unreadable(path, `has not the tables of an archive: ${stranger?.slice(0, 80)}…`)
  } finally {
    expected.close()
  }
}

/** All but the tables in which SQLite keeps statistics. */
function schemaOf(database: Database): string[] {
  const rows = database
    .prepare(
      `SELECT type, name, sql FROM sqlite_schema
       WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')) ORDER BY sql IS NULL, type, name`,
    )
    .all() as { type: string; name: string; sql: unknown }[]
  return rows.map(({ type, name, sql }) => `${describe(sql)} (${type} ${name})`)
}

/** SQLite writes no text for the indices that it makes by itself. */
function describe(sql: unknown): string {
  if (sql === null) return 'made by SQLite'
  return typeof sql === 'string' ? sql.replaceAll(/\s+/g, ' ') : 'not a text'
}

/** Refuses an archive with rows that no archive can have; what has a checksum of its own is checked when it is read. */
export function checkRows(database: Database, path: string): void {
  atOneMoment(database, () => checkTables(database, path))
}

function checkTables(database: Database, path: string): void {
  const isThere = database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?')
  for (const table of small) {
    // An older version has not all of them yet.
    if (!isThere.get(table)) continue
    // Its indices too: one that does not lead to a row hides it without a word.
    const finding = String(database.pragma(`integrity_check('${table}')`, { simple: true }))
    if (finding === 'ok') continue
    const way = / index \S+$/.test(finding) ? '; if only the index is, run REINDEX of SQLite in a copy of the file' : ''
    throw unreadable(path, `is damaged: ${finding}${way}`)
  }
  // A connection that cannot write passes over CHECK constraints, in its integrity_check too.
  for (const { rows, what } of impossible) {
    const found = database.prepare(`${rows} LIMIT 1`).pluck().get()
    if (found !== undefined) throw unreadable(path, `is damaged: run ${String(found)} ${what}`)
  }
  const [orphan] = database.pragma('foreign_key_check') as { table: string; parent: string }[]
  if (orphan)
    throw unreadable(path, `is damaged: a row of ${orphan.table} lacks what it belongs to in ${orphan.parent}`)
}

/** Tables without large values, which are read through in no time. */
const small = [
  'experiments',
  'runs',
  'documents',
  'tags',
  'facets',
  'latest',
  'events',
  'measurementColumns',
  'hotRows',
  'parts',
  'snapshots',
] as const

const impossible = [
  { rows: 'SELECT id FROM runs WHERE id NOT IN (SELECT runId FROM documents)', what: 'lacks its specification' },
  { rows: `SELECT id FROM runs WHERE status NOT IN (${list(runStatuses)})`, what: 'has an unknown status' },
  {
    rows: `SELECT runId FROM snapshots WHERE reason NOT IN (${list(snapshotReasons)})`,
    what: 'has a snapshot for an unknown reason',
  },
]

function list(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}

/** Lists are read from end to end, of which a larger cache holds what is not read again. */
const cacheKibibytes = 2048

/** What a file that others may have made can define is not run, and no more of it is held than a list needs. */
export function distrustSchema(database: Database): void {
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
  database.pragma(`cache_size = ${-cacheKibibytes}`)
}

export function unreadable(path: string, what: string): LabError {
  return new LabError('ARCHIVE_UNREADABLE', `${path} ${what}`)
}
