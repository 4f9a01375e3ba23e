import type { Database } from 'better-sqlite3'
import type { Dice } from '../dice.ts'
import { changeDatabase, columnsOf, indicesOf, tablesOf } from './looseDatabase.ts'

/** Names that a pattern such as `sqlite_stat%` takes for SQLite's own. */
const names = ['sqliteXstat1', 'sqlite-stat4', 'extra', 'SQLiteAstat', 'zz']

/** Adds to the archive's definitions, or changes one. */
export function changeSchema(path: string, dice: Dice): string {
  return changeDatabase(path, (database) => {
    const { what, sql } = dice.pick([addTrigger, addView, addOther, changeDefinition, forgeDefinition])(database, dice)
    database.pragma('writable_schema = ON')
    database.exec(sql)
    return `${what}: ${sql}`
  })
}

type Change = (database: Database, dice: Dice) => { what: string; sql: string }

const addTrigger: Change = (database, dice) => {
  const body = dice.pick([
    "SELECT RAISE(ABORT, 'no')",
    "SELECT RAISE(ROLLBACK, 'no')",
    'UPDATE runs SET step = step + 1',
    'UPDATE latest SET value = 0',
    "UPDATE documents SET notes = 'changed'",
    'DELETE FROM chunks',
    'DELETE FROM tags',
    'INSERT INTO tags SELECT id, hex(randomblob(4)) FROM runs',
    'SELECT zeroblob(900000000)',
  ])
  const when = dice.pick(['BEFORE', 'AFTER'])
  const act = dice.pick(['INSERT', 'UPDATE', 'DELETE'])
  const table = dice.pick(['writer', 'runs', 'tags', ...tablesOf(database)])
  return {
    what: 'trigger',
    sql: `CREATE TRIGGER "${dice.pick(names)}" ${when} ${act} ON "${table}" BEGIN ${body}; END`,
  }
}

const addView: Change = (_, dice) => {
  const query = dice.pick([
    'SELECT * FROM runs',
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
    'SELECT load_extension(1)',
    'SELECT * FROM nowhere',
  ])
  return { what: 'view', sql: `CREATE VIEW "${dice.pick(names)}" AS ${query}` }
}

const addOther: Change = (database, dice) => {
  const table = dice.pick(tablesOf(database))
  const { name: column } = dice.pick(columnsOf(database, table))
  const name = dice.pick(names)
  const sql = dice.pick([
    `CREATE TABLE "${name}" (a, b)`,
    `CREATE TABLE "${name}" (a PRIMARY KEY REFERENCES runs (id)) WITHOUT ROWID`,
    `CREATE INDEX "${name}" ON "${table}" ("${column}")`,
    `CREATE INDEX "${name}" ON "${table}" (length("${column}"))`,
    `CREATE INDEX "${name}" ON "${table}" ("${column}") WHERE "${column}" IS NULL`,
    `CREATE VIRTUAL TABLE "${name}" USING fts5 (a)`,
    'ANALYZE',
    `ANALYZE; UPDATE sqlite_stat1 SET stat = '${dice.pick(['0', '-1 -1', 'x', '9999999999999 1'])}'`,
    `ANALYZE; INSERT INTO sqlite_stat1 VALUES (zeroblob(1000000), NULL, 5)`,
  ])
  return { what: 'addition', sql }
}

const changeDefinition: Change = (database, dice) => {
  const table = dice.pick(tablesOf(database))
  const { name: column } = dice.pick(columnsOf(database, table))
  const sql = dice.pick([
    `ALTER TABLE "${table}" ADD COLUMN more TEXT`,
    `ALTER TABLE "${table}" RENAME COLUMN "${column}" TO other`,
    `ALTER TABLE "${table}" RENAME TO other`,
    `DROP INDEX "${dice.pick(indicesOf(database))}"`,
    `DROP TABLE "${table}"`,
  ])
  return { what: 'change', sql }
}

/** What only whoever writes the table of definitions itself can do. */
const forgeDefinition: Change = (database, dice) => {
  const [one, other] = [dice.pick(tablesOf(database)), dice.pick(tablesOf(database))]
  const root = (table: string) => `(SELECT rootpage FROM sqlite_schema WHERE name = '${table}')`
  const set = (change: string, table: string) => `UPDATE sqlite_schema SET ${change} WHERE name = '${table}'`
  const insert = (type: string, name: string, definition: string) =>
    `INSERT INTO sqlite_schema VALUES ('${type}', '${name}', '${one}', 0, '${definition.replaceAll("'", "''")}')`
  const sql = dice.pick([
    set(`rootpage = ${root(other)}`, one),
    set('rootpage = 99999', one),
    set("sql = replace(sql, ') STRICT', ')')", one),
    set("sql = replace(sql, ' NOT NULL', '')", one),
    set("sql = replace(sql, ' REFERENCES runs (id) ON DELETE CASCADE', '')", one),
    set("sql = 'CREATE TABLE'", one),
    set('sql = NULL', one),
    set(`type = 'view', rootpage = 0, sql = 'CREATE VIEW "${one}" AS SELECT * FROM "${other}"'`, one),
    insert(
      'trigger',
      'sqlite_stat1',
      `CREATE TRIGGER sqlite_stat1 AFTER INSERT ON "${one}" BEGIN DELETE FROM tags; END`,
    ),
    insert('view', 'sqlite_stat4', 'CREATE VIEW sqlite_stat4 AS SELECT 1'),
    insert('table', 'sqlite_stat3', 'CREATE TABLE sqlite_stat3 (a)'),
    insert('index', 'x', `CREATE INDEX x ON "${one}" (rowid)`),
  ])
  return { what: 'forgery', sql }
}
