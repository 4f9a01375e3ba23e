import DatabaseConstructor from 'better-sqlite3'
import { migrate, migrations } from '../../src/main/store/migrations/migrate.ts'

/** Writes the archive at `path` to `target` as the first version of this program would have. */
export function writeVersion1(path: string, target: string): void {
  const database = new DatabaseConstructor(target)
  migrate(database, migrations.slice(0, 1))
  database.pragma('foreign_keys = OFF')
  database.prepare('ATTACH ? AS newer').run(path)
  const tables = database.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  for (const table of tables) {
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]
    // The first version kept no chunk where nothing was measured.
    const kept = table === 'chunks' ? 'WHERE length(data) > 0' : ''
    database.exec(`INSERT INTO main.${table} SELECT ${columns.join(', ')} FROM newer.${table} ${kept}`)
  }
  database.close()
}
