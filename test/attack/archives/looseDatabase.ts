import DatabaseConstructor, { type Database } from 'better-sqlite3'
import type { Dice } from '../dice.ts'

export interface Row {
  table: string
  /** What tells it from the others of its table. */
  where: string
  key: unknown[]
  values: Record<string, unknown>
}

export interface Column {
  name: string
  type: string
  isKey: boolean
}

/** Changes an archive with SQL that no program of good will would use: no foreign keys, no checks. */
export function changeDatabase<Output>(path: string, change: (database: Database) => Output): Output {
  const database = new DatabaseConstructor(path)
  try {
    database.unsafeMode(true)
    database.defaultSafeIntegers(true)
    database.pragma('foreign_keys = OFF')
    database.pragma('ignore_check_constraints = ON')
    return change(database)
  } finally {
    database.close()
  }
}

/** The same with tables that take values of every type, `NULL` too; afterwards their definitions are as they were. */
export function changeLoosely<Output>(path: string, change: (database: Database) => Output): Output {
  const definitions = changeDatabase(path, (database) => {
    const found = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").all() as Definition[]
    define(
      database,
      found.map(({ name, sql }) => ({ name, sql: loosened(sql) })),
    )
    return found
  })
  try {
    return changeDatabase(path, change)
  } finally {
    changeDatabase(path, (database) => define(database, definitions))
  }
}

interface Definition {
  name: string
  sql: string
}

function define(database: Database, definitions: readonly Definition[]): void {
  database.pragma('writable_schema = ON')
  const update = database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?')
  for (const { name, sql } of definitions) update.run(sql, name)
}

function loosened(sql: string): string {
  return sql
    .replace(/\)\s*STRICT, WITHOUT ROWID/, ') WITHOUT ROWID')
    .replace(/\)\s*STRICT/, ')')
    .replaceAll(/\b(INTEGER|REAL|TEXT)\b(?! PRIMARY KEY)/g, 'BLOB')
    .replaceAll(' NOT NULL', '')
}

export function tablesOf(database: Database): string[] {
  return database
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .pluck()
    .all() as string[]
}

/** Those that can be dropped. */
export function indicesOf(database: Database): string[] {
  const found = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL ORDER BY name")
  return found.pluck().all() as string[]
}

export function columnsOf(database: Database, table: string): Column[] {
  const found = database.pragma(`table_info("${table}")`) as { name: string; type: string; pk: bigint }[]
  const unique = new Set(uniqueColumns(database, table))
  return found.map(({ name, type, pk }) => ({ name, type, isKey: pk > 0n || unique.has(name) }))
}

function uniqueColumns(database: Database, table: string): string[] {
  const indexes = database.pragma(`index_list("${table}")`) as { name: string; unique: bigint }[]
  return indexes
    .filter(({ unique }) => unique === 1n)
    .flatMap(({ name }) => (database.pragma(`index_info("${name}")`) as { name: string }[]).map((found) => found.name))
}

/** A row of a table, each as likely as the others; `undefined` where the table is empty. */
export function pickRow(database: Database, table: string, dice: Dice): Row | undefined {
  const count = Number(database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get())
  if (count === 0) return undefined
  const keys = (database.pragma(`table_info("${table}")`) as { name: string; pk: bigint }[]).filter(({ pk }) => pk > 0n)
  const columns = keys.length > 0 ? keys.map(({ name }) => name) : ['rowid']
  const offset = dice.integer(0, count - 1)
  const key = database
    .prepare(`SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM "${table}" LIMIT 1 OFFSET ${offset}`)
    .raw()
    .get() as unknown[]
  const where = columns.map((name) => `"${name}" IS ?`).join(' AND ')
  const values = database.prepare(`SELECT * FROM "${table}" WHERE ${where}`).get(...key) as Record<string, unknown>
  return { table, where, key, values }
}

/** A row of any table that has one; tables are as likely as one another. */
export function pickAnyRow(database: Database, dice: Dice): Row {
  for (;;) {
    const row = pickRow(database, dice.pick(tablesOf(database)), dice)
    if (row) return row
  }
}

export function setValue(database: Database, { table, where, key }: Row, column: string, value: unknown): void {
  database.prepare(`UPDATE "${table}" SET "${column}" = ? WHERE ${where}`).run(value, ...key)
}

/** A value as a report shows it. */
export function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text
}

export function describeRow({ table, key }: Row): string {
  return `${table} (${key.map(shown).join(', ')})`
}
