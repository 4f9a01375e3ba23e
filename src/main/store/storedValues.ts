import type { Database } from 'better-sqlite3'
import type { RunColumn } from '../../shared/query/runColumns.ts'
import type { RunColumnName, RunValue } from '../../shared/query/runValues.ts'
import { runStatuses } from '../../shared/run.ts'
import type { Facets } from '../../shared/specification/facets.ts'
import type { Census } from './census.ts'
import type { InParts } from './inParts.ts'
import { lastingOfValue, type Lasting } from './lasting.ts'
import { readFacets } from './runFacets.ts'
import { jsonLists, jsonParts, name, sql, type Sql } from './sql.ts'
import { TextTable } from './textTable.ts'
import { ColumnValues, firstOf, numbersOf, partition, renamedKeys, type Partition, type Values } from './values.ts'

/** What runs are that the archive still has otherwise: columns in whose place something else stands. */
export type AmendedColumns = Partial<Record<RunColumnName, Sql>>

/** Runs of an archive in one state, each at its place. */
export interface PlacedRuns extends Pick<Census, 'count' | 'asStored' | 'placeOf'> {
  database: Database
  amended: AmendedColumns
  /** As in the census, where that is of these runs. */
  status?: Census['status']
  /** A condition on `runs` that holds for these and no others; undefined where these are all. */
  among: Sql | undefined
  /** Milliseconds since 1970. */
  now: number
}

/** What can be read of some runs as it is of all: at once, or in parts. */
export type Read<Part> = (of: StoredValues) => Part | InParts<Part>

/** What is read of every run for its own sake; all else follows from these. */
export type StoredValue = RunValue | { in: 'tags' }

/** Answers with what was read before under this key, where that is still true. */
export type Remember = <Part extends Values | Partition<readonly string[]>>(
  key: string,
  lasting: Lasting,
  read: Read<Part>,
) => Part

/** What runs have of values, each read of all of them at once. */
export class StoredValues {
  readonly #runs: PlacedRuns
  readonly #remember: Remember

  constructor(runs: PlacedRuns, remember: Remember) {
    this.#runs = runs
    this.#remember = remember
  }

  get count(): number {
    return this.#runs.count
  }

  value(value: RunValue): Values {
    return this.#remember(keyOf(value), lastingOfValue(value), (of) => of.inParts(value))
  }

  column({ id, value }: RunColumn): Values {
    switch (value.in) {
      case 'tags':
        return renamedKeys(this.tags(), (tags) => tags.join(' '))
      case 'setup':
        return this.#remember(`column ${id}`, 'lasting', (of) => of.ofFacets(value.say))
      default:
        return this.value(value)
    }
  }

  /** What is said of the facets of each run. */
  ofFacets(say: (facets: Facets) => string | number | null): Partition {
    return renamedKeys(this.#shared('setup'), (setup) => say(readFacets(this.#runs.database, setup)))
  }

  /** Runs by all of their tags, in order; those without any have no key. */
  tags(): Partition<readonly string[]> {
    return this.#remember(keyOf({ in: 'tags' }), 'lasting', (of) => of.tagsInParts())
  }

  experiments(): Partition<string> {
    return this.#shared('experimentId')
  }

  /** Reads a value, of a few thousand runs at each step. */
  *inParts(value: RunValue): InParts<Values> {
    const { among, count, now } = this.#runs
    switch (value.in) {
      case 'run':
        return yield* this.#readColumn(value.column)
      case 'facets': {
        const found = this.#map<string | number | null>(
          sql`SELECT json_group_array(setup), json_group_array(coalesce(number, text)) FROM facets
            WHERE path = ${value.path} AND ${among ? sql`setup IN (SELECT setup FROM runs WHERE ${among})` : everyRun}`,
        )
        return renamedKeys(this.#shared('setup'), (setup) => found.get(setup) ?? null)
      }
      case 'latest':
      case 'events':
        return yield* this.#readNumbers(value)
      case 'difference': {
        const [of, less] = [this.#numbers(value.of), this.#numbers(value.less)]
        return of.map((number, place) => number - less[place]!)
      }
      case 'either':
        return firstOf(
          value.of.map((each) => this.value(each)),
          count,
        )
      // What only one value is made of is not held beside it.
      case 'positive':
        return numbersOf(yield* this.inParts(value.of)).map((number) => (number > 0 ? number : NaN))
      case 'multiple':
        return numbersOf(yield* this.inParts(value.of)).map((number) => Math.floor(number / value.unit) * value.unit)
      case 'age':
        return this.#numbers({ in: 'run', column: 'createdAt' }).map((createdAt) => (now - createdAt) / 1000)
    }
  }

  #numbers(value: RunValue): Float64Array {
    return numbersOf(this.value(value))
  }

  *#readColumn(column: RunColumnName): InParts<Values> {
    if (column === 'experimentId') return this.experiments()
    if (column === 'status' && this.#runs.status) return partition(runStatuses, Int8Array.from(this.#runs.status))
    const ofExperiment = columnsOfExperiment[column]
    if (ofExperiment !== undefined) {
      const found = this.#map<string | null>(
        sql`SELECT json_group_array(id), json_group_array(${name(ofExperiment)}) FROM experiments`,
      )
      return renamedKeys(this.experiments(), (id) => found.get(id) ?? null)
    }
    const { database, amended, among = everyRun, count, asStored } = this.#runs
    const own = amended[column] ?? name(`runs.${column}`)
    // Each short text that it finds in JSON the engine keeps in a table of its own, which stays as large as it became.
    const padding = column === 'id' ? ' '.repeat(longestKeptText) : ''
    const expression = padding === '' ? own : sql`${padding} || ${own}`
    const values = new ColumnValues(count)
    const parts = jsonParts(
      database,
      ['run', 'x'],
      count,
      ([last] = [-Infinity]) =>
        sql`SELECT rowid AS run, ${expression} AS x FROM runs WHERE ${among} AND rowid > ${last} ORDER BY rowid`,
    ) as Iterable<[number[], (string | number | null)[]]>
    let read = 0
    for (const [, list] of parts) {
      for (const value of list) {
        values.set(asStored[read++]!, typeof value === 'string' ? value.slice(padding.length) : value)
      }
      yield
    }
    return values.read()
  }

  /** Numbers of a name in another table beside `runs`, in the order of its index, or of the runs where these are some. */
  *#readNumbers(value: Extract<RunValue, { in: 'latest' | 'events' }>): InParts<Float64Array> {
    const { database, count, placeOf } = this.#runs
    const table = value.in
    const column = value.in === 'latest' ? 'value' : value.at
    const indexed = name(value.in === 'latest' ? 'latest.value' : 'events.step')
    const numbers = new Float64Array(count).fill(NaN)
    const idOf = database.prepare('SELECT id FROM runs WHERE rowid = ?').pluck()
    const parts = jsonParts(database, ['run', 'number', 'place'], count, (last) => {
      const rest = last ? sql`(${indexed}, runId) > (${last[2]}, ${idOf.get(last[0])})` : everyRun
      return sql`SELECT runs.rowid AS run, ${name(`${table}.${column}`)} AS number, ${indexed} AS place
        FROM ${this.#joined(table)} WHERE ${name(table)}.name = ${value.name} AND ${rest} ORDER BY ${indexed}, runId`
    }) as Iterable<[number[], number[]]>
    for (const [rowids, values] of parts) {
      for (let i = 0; i < rowids.length; i++) numbers[placeOf(rowids[i]!)!] = values[i]!
      yield
    }
    return numbers
  }

  *tagsInParts(): InParts<Partition<readonly string[]>> {
    const { database, among = everyRun, count, placeOf } = this.#runs
    const keys: string[][] = []
    /** By tag the key of a run that has it and no other, and by key and tag that of one which has it besides. */
    const first = new Map<string, number>()
    const besides: Map<string, number>[] = []
    const of = new Int32Array(count).fill(-1)
    const note = (place: number, tag: string) => {
      const former = of[place]!
      const grown = former < 0 ? first : besides[former]!
      const key = grown.get(tag) ?? keys.length
      if (key === keys.length) {
        keys.push([...(keys[former] ?? []), tag])
        besides.push(new Map())
        grown.set(tag, key)
      }
      of[place] = key
    }
    const parts = jsonParts(
      database,
      ['run', 'tags'],
      count,
      ([last] = [-Infinity]) => sql`
        SELECT rowid AS run, (SELECT json_group_array(tag) FROM (SELECT tag FROM tags WHERE runId = runs.id ORDER BY tag)) AS tags
        FROM runs WHERE ${among} AND rowid > ${last} ORDER BY rowid`,
    ) as Iterable<[number[], string[]]>
    for (const [rowids, lists] of parts) {
      for (const [i, list] of lists.entries()) {
        if (list !== '[]') for (const tag of JSON.parse(list) as string[]) note(placeOf(rowids[i]!)!, tag)
      }
      yield
    }
    return partition(keys, of)
  }

  /** Runs by a column that has an index, and that many of them share. */
  #shared(column: 'setup' | 'experimentId'): Partition<string> {
    return this.#remember(column, 'lasting', (of) => of.#readShared(column))
  }

  #readShared(column: 'setup' | 'experimentId'): Partition<string> {
    const { database, among = everyRun, count, placeOf } = this.#runs
    const keys = new TextTable()
    const of = new Int32Array(count).fill(-1)
    const { text, parameters } = sql`
      SELECT ${name(column)}, json_group_array(rowid) FROM runs WHERE ${among} GROUP BY ${name(column)}`
    const rows = database.prepare(text).raw().iterate(parameters) as Iterable<[string, string]>
    for (const [key, rowids] of rows) {
      const number = keys.add(key)
      for (const rowid of JSON.parse(rowids) as number[]) of[placeOf(rowid)!] = number
    }
    return partition(keys.settle(), of)
  }

  /** Another table beside `runs`, by what there is less of. */
  #joined(table: string): Sql {
    const { among } = this.#runs
    return among
      ? sql`(SELECT rowid, id FROM runs WHERE ${among}) AS runs CROSS JOIN ${name(table)} ON runId = runs.id`
      : sql`${name(table)} CROSS JOIN runs ON runs.id = runId`
  }

  #map<Value>(selected: Sql): ReadonlyMap<string, Value> {
    const [keys, values] = this.#lists<string, Value>(selected)
    return new Map(keys.map((key, i) => [key, values[i]!]))
  }

  #lists<One, Other>(selected: Sql): [One[], Other[]] {
    return jsonLists(this.#runs.database, selected) as [One[], Other[]]
  }
}

/** Under which what is read of a value is remembered. */
export function keyOf(value: StoredValue): string {
  return `value ${JSON.stringify(value)}`
}

/** What a value is made of that is remembered beside it. */
export function madeOf(value: StoredValue): readonly RunValue[] {
  switch (value.in) {
    case 'difference':
      return [value.of, value.less]
    case 'either':
      return value.of
    case 'age':
      return [{ in: 'run', column: 'createdAt' }]
    default:
      return []
  }
}

const columnsOfExperiment: Partial<Record<RunColumnName, string>> = { experiment: 'name', figure: 'figure' }
const everyRun = name('1')
/** Of characters, in V8. */
const longestKeptText = 10
