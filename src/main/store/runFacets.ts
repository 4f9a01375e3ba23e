import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { attempt } from '../../shared/attempt.ts'
import { withPresentNames } from '../../shared/formerNames.ts'
import { facetsOf, type Facets } from '../../shared/specification/facets.ts'
import { preparedOnce } from './preparedOnce.ts'
import { storedObject, storedRunSpec } from './storedDocuments.ts'

/**
 * Stores the facets of a specification, unless another run has the same already, and returns their name, which is their
 * digest: it is equal in every archive, and says by itself whether they are what was stored.
 */
export function storeFacets(database: Database, spec: unknown): string {
  const rows = Object.entries(facetsOf(spec)).map(([path, value]): FacetRow => ({
    path,
    number: typeof value === 'number' ? value : null,
    text: typeof value === 'string' ? value : null,
  }))
  const setup = digestOf(rows)
  insertFacets(database, setup, rows)
  return setup
}

/**
 * The same of a specification as it is stored: with the defaults of fields that it is too old to have, or as it stands
 * where this version cannot read it.
 */
export function storeFacetsOf(database: Database, spec: string): string {
  const quietly = <Output>(read: () => Output) => attempt(read, () => undefined)
  const what = 'a run'
  const known = quietly(() => storedRunSpec(spec, what)) ?? quietly(() => withPresentNames(storedObject(spec, what)))
  return storeFacets(database, known)
}

/** As they stand in the other archive, to be found damaged here too where they are. */
export function copyFacets(source: Database, target: Database, setup: string): void {
  insertFacets(target, setup, rowsOf(source, setup))
}

/** The facets of one name; none where nothing is stored under it. */
export function readFacets(database: Database, setup: string): Facets {
  return facetsOfRows(statements(database).ofSetup.all(setup) as FacetRow[])
}

/** The facets of every name. */
export function* eachSetup(database: Database): Generator<[setup: string, facets: Facets]> {
  let [setup, rows]: [string | undefined, FacetRow[]] = [undefined, []]
  for (const { setup: next, ...row } of statements(database).all.iterate() as Iterable<StoredFacet>) {
    if (setup !== undefined && setup !== next) {
      yield [setup, facetsOfRows(rows)]
      rows = []
    }
    setup = next
    rows.push(row)
  }
  if (setup !== undefined) yield [setup, facetsOfRows(rows)]
}

function facetsOfRows(rows: readonly FacetRow[]): Facets {
  const found: Record<string, number | string> = {}
  for (const { path, number, text } of rows) {
    const value = number ?? text
    if (value !== null) found[path] = value
  }
  return found as Facets
}

/** Whether the facets of a run are those that were stored under their name. */
export function hasItsFacets(database: Database, runId: string): boolean {
  const setup = database.prepare('SELECT setup FROM runs WHERE id = ?').pluck().get(runId) as string
  return digestOf(rowsOf(database, setup)) === setup
}

/** Takes away what no run has any more. */
export function removeUnusedFacets(database: Database): void {
  database.exec('DELETE FROM facets WHERE setup NOT IN (SELECT setup FROM runs)')
}

interface FacetRow {
  path: string
  number: number | null
  text: string | null
}

type StoredFacet = FacetRow & { setup: string }

function rowsOf(database: Database, setup: string): FacetRow[] {
  return statements(database).ofSetup.all(setup) as FacetRow[]
}

const statements = preparedOnce((database) => ({
  ofSetup: database.prepare('SELECT path, number, text FROM facets WHERE setup = ?'),
  all: database.prepare('SELECT * FROM facets ORDER BY setup'),
}))

function insertFacets(database: Database, setup: string, rows: readonly FacetRow[]): void {
  if (rowsOf(database, setup).length === rows.length) return
  const insert = database.prepare('INSERT OR IGNORE INTO facets (setup, path, number, text) VALUES (?, ?, ?, ?)')
  for (const { path, number, text } of rows) insert.run(setup, path, number, text)
}

/** 128 bits of the SHA-256 of the rows in the order of their paths. */
function digestOf(rows: readonly FacetRow[]): string {
  const sorted = rows
    .map(({ path, number, text }) => [path, number, text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32)
}
