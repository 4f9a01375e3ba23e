import { createHash } from 'node:crypto'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { migrate, migrations, versionOf } from '../../src/main/store/migrations/migrate.ts'

/** An archive as the first version of this program wrote it, with two runs. */
export const version1 = join(import.meta.dirname, 'archives/version1.grokscope')

/** Copies an archive with all that SQLite keeps beside it. */
export function copyArchive(path: string, target: string): void {
  for (const end of ['', '-journal', '-wal']) {
    if (existsSync(path + end)) copyFileSync(path + end, target + end)
  }
}

/** What is in an archive but for who writes it: a hash of every row of every table, and of their definitions. */
export function contentOf(path: string): { version: number; content: string } {
  const database = new DatabaseConstructor(path)
  try {
    return { version: versionOf(database), content: hashOf(database) }
  } finally {
    database.close()
  }
}

/** What an archive of the first version has in it when it has been brought, undisturbed, to each version. */
export function contentsByVersion(path: string, work: string): Map<number, string> {
  copyArchive(path, work)
  const database = new DatabaseConstructor(work)
  try {
    return new Map(
      migrations.slice(versionOf(database) - 1).map((_, i, { length }) => {
        const version = migrations.length - length + i + 1
        migrate(database, migrations.slice(0, version))
        return [version, hashOf(database)]
      }),
    )
  } finally {
    database.close()
  }
}

function hashOf(database: Database): string {
  const hash = createHash('sha256')
  const tables = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT IN ('writer', 'sqlite_stat1') ORDER BY name")
    .all() as { name: string; sql: string | null }[]
  for (const { name, sql } of tables) {
    hash.update(`${name}\n${sql}\n`)
    if (!sql?.startsWith('CREATE TABLE')) continue
    const rows = database.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][]
    const texts = rows.map((row) =>
      JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))),
    )
    hash.update(texts.toSorted().join('\n'))
  }
  return hash.digest('hex')
}
