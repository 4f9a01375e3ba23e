import type { Database } from 'better-sqlite3'
import { describeDynamics } from '../../shared/query/describeDynamics.ts'
import { parseRunQuery, type RunQuery } from '../../shared/query/runQuery.ts'
import type { RunColumn } from '../../shared/query/runColumns.ts'
import type { Grouping } from '../../shared/query/runTable.ts'
import type { RunValue } from '../../shared/query/runValues.ts'
import { runStatuses } from '../../shared/run.ts'
import type { Facets } from '../../shared/specification/facets.ts'
import { selectRowids, valueExpression, type AmendedColumns, type QueryContext } from './compileQuery.ts'
import { eachSetup } from './runFacets.ts'
import { lastingOf, lastingOfValue, type Lasting } from './lasting.ts'
import type { Revision } from './runRecords.ts'
import { orderOfLists, statusWithoutWriter } from './runSummaries.ts'
import { name, sql, type Sql } from './sql.ts'

/** What is asked of every run at once has the runs as places, numbered in the order of lists. */
export interface Census {
  count: number
  /** By place. */
  rowids: Float64Array
  placeOf: (rowid: number) => number | undefined
  /** By place, as an index into `shelves`, and into `runStatuses`. */
  shelf: Uint8Array
  status: Uint8Array
  /** Places by seed; those of equal seed in the order of lists. */
  bySeed: Int32Array
}

/** Runs by what they have in common: for each place the number of its key, or −1 where it has none. */
export interface Partition {
  keys: readonly (string | number)[]
  of: Int32Array
}

interface Parts {
  database: Database
  readOnly: boolean
  revision: Readonly<Revision>
  amended: () => AmendedColumns
  isWritten: () => boolean
}

const mostRemembered = 24
/** Of more runs than these, the numbers of all are read, and remembered. */
const mostLookedUp = 5000

/**
 * What lists need to know of all runs at once, in arrays of numbers: 30 bytes a run and some for each sorting, filter and
 * grouping that was asked for lately. It is read anew when what it says was changed.
 */
export class RunIndex {
  readonly #parts: Parts
  readonly #inOneState: <Output>(read: () => Output) => Output
  #isWritten = true
  #versions: Record<keyof Revision, string> = { all: '', lasting: '' }
  readonly #remembered = new Map<string, { version: string; value: unknown }>()

  constructor(parts: Parts) {
    this.#parts = parts
    const { database, readOnly } = parts
    // Nobody else writes what this process writes, and where nothing can be written lists are read all the same.
    this.#inOneState = (read) => (readOnly ? database.transaction(read)() : read())
  }

  /** What is asked within `read` is answered of one state of the archive, and a state is looked at once. */
  reading<Output>(read: () => Output): Output {
    return this.#inOneState(() => {
      this.#isWritten = this.#parts.isWritten()
      this.#versions = this.#findVersions()
      return read()
    })
  }

  /** What conditions must know that are asked within `reading`. */
  context(now = Date.now()): QueryContext {
    return {
      amended: { ...(this.#isWritten ? {} : { status: statusWithoutWriter }), ...this.#parts.amended() },
      tags: () =>
        this.#remember('tags', 'lasting', () =>
          this.#list<string>(sql`SELECT json_group_array(DISTINCT tag) FROM tags`),
        ),
      now,
    }
  }

  census(): Census {
    return this.#remember('census', 'lasting', () => this.#takeCensus())
  }

  /** Which runs pass a part of a filter: 1 at their places. */
  passing(term: string): Uint8Array {
    const query = parseRunQuery(term)
    return this.#remember(`term ${term}`, lastingOf(query), () => this.#pass(query))
  }

  /** The places of these runs; those that are not there are left out. */
  placesOf(runIds: readonly string[]): number[] {
    const { placeOf } = this.census()
    const ids = JSON.stringify(runIds)
    const rowids = this.#list(
      sql`SELECT json_group_array(rowid) FROM runs WHERE id IN (SELECT value FROM json_each(${ids}))`,
    )
    return rowids.flatMap((rowid) => placeOf(rowid) ?? [])
  }

  idsOf(places: Iterable<number>): string[] {
    const { rowids } = this.census()
    const { text, parameters } = sql`
      SELECT json_group_array(id) FROM (
        SELECT runs.id FROM json_each(${JSON.stringify(Array.from(places, (place) => rowids[place]))}) AS chosen
        CROSS JOIN runs ON runs.rowid = chosen.value ORDER BY chosen.key
      )`
    return JSON.parse(this.#parts.database.prepare(text).pluck().get(parameters) as string) as string[]
  }

  /** All places as a column sorts them: what has no value last, equal values by seed and then in the order of lists. */
  order(column: RunColumn, descending: boolean): Int32Array {
    const { id, value } = column
    return this.#remember(`order ${id} ${descending}`, lastingOfValue(value), () => {
      const { bySeed, count } = this.census()
      const keys = hasKeys(column) ? ranksOf(this.partition(column)) : this.#allNumbers(column, value as RunValue)
      const there = bySeed.filter((place) => !Number.isNaN(keys[place]))
      const direction = descending ? -1 : 1
      there.sort((a, b) => direction * (keys[a]! - keys[b]!))
      const sorted = new Int32Array(count)
      sorted.set(there)
      sorted.set(
        bySeed.filter((place) => Number.isNaN(keys[place])),
        there.length,
      )
      return sorted
    })
  }

  groups(grouping: Exclude<Grouping, 'none'>): Partition {
    return this.#remember(`groups ${grouping}`, 'lasting', () => {
      switch (grouping) {
        case 'experiment':
          return this.#partition(sql`SELECT rowid AS run, experimentId AS key FROM runs`)
        case 'status':
          return this.#partitionByStatus()
        case 'tag':
          return withKeyForNone(
            this.#partition(
              sql`SELECT runs.rowid AS run, min(tag) AS key FROM tags JOIN runs ON runs.id = tags.runId GROUP BY tags.runId`,
            ),
          )
        case 'dynamics':
          return this.#partitionBySetup(describeDynamics)
        case 'modulus':
          return this.#partitionBySetup((facets) => String(facets['task.modulus'] ?? ''))
      }
    })
  }

  /** Runs by their values in a column for which `hasKeys`. */
  partition({ id, value }: RunColumn): Partition {
    return this.#remember(`column ${id}`, lastingOfValue(value), () => {
      switch (value.in) {
        case 'setup':
          return this.#partitionBySetup(value.say)
        case 'tags':
          return this.#partition(
            sql`SELECT runs.rowid AS run, group_concat(tag, ' ' ORDER BY tag) AS key
                FROM tags JOIN runs ON runs.id = tags.runId GROUP BY tags.runId`,
          )
        default:
          if (id === 'status') return this.#partitionByStatus()
          return this.#partition(
            sql`SELECT runs.rowid AS run, ${valueExpression(value, this.context())} AS key FROM runs`,
          )
      }
    })
  }

  /** The numbers that the runs at these places have in a column; NaN where they have none. */
  numbers(column: RunColumn, places: Int32Array): Float64Array {
    const value = column.value as RunValue
    if (places.length > mostLookedUp) {
      const all = this.#allNumbers(column, value)
      return Float64Array.from(places, (place) => all[place]!)
    }
    const { rowids } = this.census()
    const wanted = Array.from(places, (place) => rowids[place]!)
    const read = this.#readNumbers(value, wanted)
    const found = new Map(read.rowids.map((rowid, i) => [rowid, read.numbers[i]!]))
    return Float64Array.from(wanted, (rowid) => found.get(rowid) ?? NaN)
  }

  #allNumbers({ id }: RunColumn, value: RunValue): Float64Array {
    return this.#remember(`numbers ${id}`, lastingOfValue(value), () => {
      const { count, placeOf } = this.census()
      const numbers = new Float64Array(count).fill(NaN)
      const found = this.#readNumbers(value)
      for (const [i, rowid] of found.rowids.entries()) {
        const place = placeOf(rowid)
        if (place !== undefined) numbers[place] = found.numbers[i]!
      }
      return numbers
    })
  }

  /** SQLite writes numbers in JSON to their last digit. */
  #readNumbers(value: RunValue, rowids?: readonly number[]): { rowids: number[]; numbers: number[] } {
    const among = rowids ? sql`rowid IN (SELECT value FROM json_each(${JSON.stringify(rowids)}))` : undefined
    const { text, parameters } = numbersOf(value, among, this.context())
    const lists = this.#parts.database.prepare(text).raw().get(parameters) as string[]
    const [found, numbers] = lists.map((list) => JSON.parse(list) as number[])
    return { rowids: found!, numbers: numbers! }
  }

  /** Part for part: SQLite would at times look for the costliest first. */
  #pass(query: RunQuery): Uint8Array {
    switch (query.kind) {
      case 'and':
      case 'or': {
        const wanted = Number(query.kind === 'and')
        const passing = new Uint8Array(this.census().count).fill(wanted)
        for (const part of query.parts.map((each) => this.#pass(each))) {
          for (let place = 0; place < passing.length; place++) if (part[place] !== wanted) passing[place] = 1 - wanted
        }
        return passing
      }
      case 'not':
        return this.#pass(query.part).map((passes) => 1 - passes)
      default:
        return this.#find(selectRowids(query, this.context()))
    }
  }

  #find(selected: Sql): Uint8Array {
    const { count, placeOf } = this.census()
    const found = new Uint8Array(count)
    for (const rowid of this.#list(selected)) {
      const place = placeOf(rowid)
      if (place !== undefined) found[place] = 1
    }
    return found
  }

  #takeCensus(): Census {
    const status = this.context().amended.status ?? name('runs.status')
    const numbered = name(runStatuses.map((each, i) => `WHEN '${each}' THEN ${i}`).join(' '))
    const { text, parameters } = sql`
      SELECT json_group_array(run), json_group_array(seed), json_group_array(shelf), json_group_array(status) FROM (
        SELECT runs.rowid AS run, seed,
          CASE WHEN binnedAt IS NOT NULL THEN 2 WHEN archivedAt IS NOT NULL THEN 1 ELSE 0 END AS shelf,
          CASE ${status} ${numbered} END AS status
        FROM runs JOIN experiments ON experiments.id = runs.experimentId ORDER BY ${name(orderOfLists)}
      )`
    const lists = this.#parts.database.prepare(text).raw().get(parameters) as string[]
    const [rowids, seeds, shelf, statuses] = lists.map((list) => JSON.parse(list) as number[])
    const count = rowids!.length
    return {
      count,
      rowids: Float64Array.from(rowids!),
      placeOf: placesByRowid(rowids!),
      shelf: Uint8Array.from(shelf!),
      status: Uint8Array.from(statuses!),
      bySeed: Int32Array.from(rowids!.keys()).sort((a, b) => seeds![a]! - seeds![b]! || a - b),
    }
  }

  #partitionByStatus(): Partition {
    return { keys: runStatuses, of: Int32Array.from(this.census().status) }
  }

  /** By what is said of the facets of their setups. */
  #partitionBySetup(say: (facets: Facets) => string | number | null): Partition {
    const said = new Map<string, string | number | null>()
    for (const [setup, facets] of eachSetup(this.#parts.database)) said.set(setup, say(facets))
    const { keys, of } = this.#partition(sql`SELECT rowid AS run, setup AS key FROM runs`)
    const numbers = new Map<string | number, number>()
    const numberOf = keys.map((setup) => {
      const key = said.get(String(setup)) ?? say({})
      if (key === null) return -1
      const number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      return number
    })
    return { keys: [...numbers.keys()], of: of.map((number) => (number < 0 ? -1 : numberOf[number]!)) }
  }

  /** `keyed` selects the rowids of runs as `run` and what they are told apart by as `key`. */
  #partition(keyed: Sql): Partition {
    const { count, placeOf } = this.census()
    const keys: (string | number)[] = []
    const of = new Int32Array(count).fill(-1)
    const { text, parameters } = sql`
      SELECT key, json_group_array(run) FROM (${keyed}) WHERE key IS NOT NULL GROUP BY key`
    const rows = this.#parts.database.prepare(text).raw().iterate(parameters) as Iterable<[string | number, string]>
    for (const [key, runs] of rows) {
      for (const rowid of JSON.parse(runs) as number[]) {
        const place = placeOf(rowid)
        if (place !== undefined) of[place] = keys.length
      }
      keys.push(key)
    }
    return { keys, of }
  }

  #list<Value = number>({ text, parameters }: Sql): Value[] {
    return JSON.parse(this.#parts.database.prepare(text).pluck().get(parameters) as string) as Value[]
  }

  #remember<Value>(key: string, lasting: Lasting, read: () => Value): Value {
    if (lasting === 'moment') return read()
    const version = this.#versions[lasting]
    const known = this.#remembered.get(key)
    this.#remembered.delete(key)
    const value = known?.version === version ? (known.value as Value) : read()
    this.#remembered.set(key, { version, value })
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= mostRemembered) break
      this.#remembered.delete(oldest)
    }
    return value
  }

  #findVersions(): Record<keyof Revision, string> {
    const { database, revision } = this.#parts
    const others = `${String(database.pragma('data_version', { simple: true }))} ${this.#isWritten}`
    return { all: `${revision.all} ${others}`, lasting: `${revision.lasting} ${others}` }
  }
}

/** Rowids grow by one with each run, and are few where runs were removed; a file of others may hold any. */
function placesByRowid(rowids: readonly number[]): Census['placeOf'] {
  const largest = rowids.reduce((most, rowid) => Math.max(most, rowid), 0)
  if (largest > 8 * rowids.length + 1024) {
    const places = new Map(rowids.map((rowid, place) => [rowid, place]))
    return (rowid) => places.get(rowid)
  }
  const places = new Int32Array(largest + 1).fill(-1)
  for (const [place, rowid] of rowids.entries()) places[rowid] = place
  return (rowid) => {
    const place = places[rowid]
    return place === undefined || place < 0 ? undefined : place
  }
}

/** Whether a column is known by the values that its runs share, and not by the number of each. */
export function hasKeys({ value, numeric }: RunColumn): boolean {
  return value.in === 'setup' || !numeric
}

function numbersOf(value: RunValue, among: Sql | undefined, context: QueryContext): Sql {
  switch (value.in) {
    case 'latest':
    case 'events': {
      const [table, column] = value.in === 'latest' ? ['latest', 'value'] : ['events', value.at]
      const runs = among ? sql`AND runId IN (SELECT id FROM runs WHERE ${among})` : name('')
      return sql`SELECT json_group_array(runs.rowid), json_group_array(${name(`${table}.${column}`)})
        FROM ${name(table)} CROSS JOIN runs ON runs.id = runId WHERE ${name(table)}.name = ${value.name} ${runs}`
    }
    default:
      return sql`SELECT json_group_array(rowid), json_group_array(x) FROM (
        SELECT rowid, ${valueExpression(value, context)} AS x FROM runs WHERE ${among ?? name('1')}
      ) WHERE x IS NOT NULL`
  }
}

const collator = new Intl.Collator('en', { numeric: true })

function compareKeys(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}

/** For each place where its key stands among the sorted keys; NaN where it has none. */
function ranksOf({ keys, of }: Partition): Float64Array {
  const ranks = new Float64Array(keys.length)
  const sorted = [...keys.keys()].sort((a, b) => compareKeys(keys[a]!, keys[b]!))
  for (const [place, key] of sorted.entries()) {
    const before = sorted[place - 1]
    const isSame = before !== undefined && compareKeys(keys[before]!, keys[key]!) === 0
    ranks[key] = isSame ? ranks[before]! : place
  }
  return Float64Array.from(of, (key) => (key < 0 ? NaN : ranks[key]!))
}

function withKeyForNone({ keys, of }: Partition): Partition {
  return { keys: [...keys, ''], of: of.map((key) => (key < 0 ? keys.length : key)) }
}
