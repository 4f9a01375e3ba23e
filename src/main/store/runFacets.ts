import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { tryStep } from '../../shared/tryStep.ts'
import { withPresentNames } from '../../shared/formerNames.ts'
import { facetFields, facetsOf, type Facets } from '../../shared/specification/facets.ts'
import { keepSeals } from './migrations/keepSeals.ts'
import { preparedOnce } from './preparedOnce.ts'
import { storedObject, storedRunSpec } from './storedDocuments.ts'

/**
 * Stores the facets of a specification, unless another run has the same already, and returns their name, which is their
 * digest: it is equal in every archive, and says by itself whether they are what was stored.
 */
export function storeFacets(database: Database, spec: object): string {
  const said = JSON.stringify({ ...spec, name: undefined, seed: undefined })
  if (latest?.said !== said) latest = { said, ...namedRows(facetsOf(spec)) }
  return storeRows(database, latest)
}

/** What was stored last: the runs of a cell have the same facets. */
let latest: ({ said: string } & NamedRows) | undefined

interface NamedRows {
  rows: readonly FacetRow[]
  setup: string
}

function namedRows(facets: Facets): NamedRows {
  const rows = Object.entries(facets).map(([path, value]): FacetRow => ({
    path,
    number: typeof value === 'number' ? value : null,
    text: typeof value === 'string' ? value : null,
  }))
  return { rows, setup: digestOf(rows) }
}

function storeRows(database: Database, { rows, setup }: NamedRows): string {
  if (digestOf(rowsOf(database, setup)) === setup) return setup
  statements(database).remove.run(setup)
  insertFacets(database, setup, rows)
  return setup
}

/**
 * The same of a specification as it is stored: with the defaults of fields that it is too old to have, or as it stands
 * where this version cannot read it.
 */
export function storeFacetsOf(database: Database, spec: string): string {
  return storeRows(database, namedRows(facetsOfStored(spec)))
}

function facetsOfStored(spec: string | undefined): Facets {
  const quietly = <Output>(read: () => Output) => tryStep(read, () => undefined)
  const what = 'a run'
  return facetsOf(quietly(() => storedRunSpec(spec, what)) ?? quietly(() => withPresentNames(storedObject(spec, what))))
}

/** As they stand in the other archive, to be found damaged here too where they are. */
export function copyFacets(source: Database, target: Database, setup: string): void {
  insertFacets(target, setup, rowsOf(source, setup))
}

/** The facets of one name; none where nothing is stored under it. */
export function readFacets(database: Database, setup: string): Facets {
  return facetsOfRows(statements(database).ofSetup.all(setup) as FacetRow[])
}

/**
 * The same of a run. Where a version stored them that had of lists no more than their lengths, runs of one name may differ within these: what
 * they hold is read in its specification, since what is opened to be read only is not repaired.
 */
export function readFacetsOfRun(database: Database, runId: string, stored: Facets): Facets {
  if (!lacksEntries(stored)) return stored
  return { ...stored, ...facetsOfStored(statements(database).specification.get(runId) as string | undefined) }
}

function lacksEntries(facets: Readonly<Record<string, number | string>>): boolean {
  const filled = [...lists].filter((path) => typeof facets[path] === 'number' && facets[path] > 0)
  if (filled.length === 0) return false
  const paths = Object.keys(facets)
  return filled.some((list) => !paths.some((path) => path.startsWith(`${list}.`) || path === `${list}[]`))
}

const lists = new Set(facetFields.filter(({ type }) => type === 'list').map(({ path }) => path))

interface FacetsToRepair {
  damaged: string[]
  outdated: string[]
}

const setupsAtOnce = 100
const runsAtOnce = 100

/**
 * The runs whose facets are damaged or lost, or were stored by a version that had not every field yet: at each step those of
 * some more, few enough that nobody waits for it. What is stored anew meanwhile is passed over.
 */
export function* facetsToRepair(database: Database): Generator<FacetsToRepair, void> {
  const { names, runs } = statements(database)
  const isComplete = new Map<string, boolean>()
  const isDamaged = (setup: string) => digestOf(rowsOf(database, setup)) !== setup
  const isOutdated = (setup: string) => {
    const rows = rowsOf(database, setup)
    // Which fields a specification has depends on its kinds and the lengths of its lists: one of those that are alike speaks for the others.
    const alike = rows
      .map(({ path, number, text }) => (path.endsWith('kind') || lists.has(path) ? [path, number, text] : path))
      .join()
    if (!isComplete.has(alike)) isComplete.set(alike, hasEveryField(database, setup, rows))
    return !isComplete.get(alike)
  }
  for (let last = ''; ;) {
    const setups = names.all(last, setupsAtOnce) as string[]
    if (setups.length === 0) return
    last = setups.at(-1)!
    const found = { damaged: setups.filter(isDamaged), outdated: [] as string[] }
    found.outdated = setups.filter((setup) => !found.damaged.includes(setup) && isOutdated(setup))
    yield { damaged: [], outdated: [] }
    for (const what of ['damaged', 'outdated'] as const) {
      const runIds = found[what].flatMap((setup) => runs.all(setup) as string[])
      for (let first = 0; first < runIds.length; first += runsAtOnce) {
        yield { damaged: [], outdated: [], [what]: runIds.slice(first, first + runsAtOnce) }
      }
    }
  }
}

function hasEveryField(database: Database, setup: string, rows: readonly FacetRow[]): boolean {
  const stored = database.prepare('SELECT spec FROM runs JOIN documents ON runId = id WHERE setup = ?').pluck()
  return Object.keys(facetsOfStored(stored.get(setup) as string | undefined)).every((path) =>
    rows.some((row) => row.path === path),
  )
}

/**
 * Stores anew what the specifications of these runs say; those whose records are not what was stored stay as they are.
 * Returns the others. What no run has any more then is left.
 */
export function describeAnew(database: Database, runIds: readonly string[]): string[] {
  const { specification } = statements(database)
  const describe = database.prepare('UPDATE runs SET setup = ? WHERE id = ?')
  let described: string[] = []
  const change = (sound: string[]) => {
    for (const runId of sound) describe.run(storeFacetsOf(database, specification.get(runId) as string), runId)
    described = sound
  }
  keepSeals(database, change, { runIds })
  return described
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
  const setup = statements(database).ofRun.get(runId) as string
  return digestOf(rowsOf(database, setup)) === setup
}

/** Takes away the facets of one name, where no run has them any more. */
export function removeIfUnused(database: Database, setup: string): void {
  statements(database).removeUnused.run({ setup })
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

function rowsOf(database: Database, setup: string): FacetRow[] {
  return statements(database).ofSetup.all(setup) as FacetRow[]
}

const statements = preparedOnce((database) => ({
  ofSetup: database.prepare('SELECT path, number, text FROM facets WHERE setup = ?'),
  ofRun: database.prepare('SELECT setup FROM runs WHERE id = ?').pluck(),
  specification: database.prepare('SELECT spec FROM documents WHERE runId = ?').pluck(),
  names: database.prepare('SELECT DISTINCT setup FROM runs WHERE setup > ? ORDER BY setup LIMIT ?').pluck(),
  runs: database.prepare('SELECT id FROM runs WHERE setup = ?').pluck(),
  remove: database.prepare('DELETE FROM facets WHERE setup = ?'),
  removeUnused: database.prepare(
    'DELETE FROM facets WHERE setup = @setup AND NOT EXISTS (SELECT 1 FROM runs WHERE setup = @setup)',
  ),
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
