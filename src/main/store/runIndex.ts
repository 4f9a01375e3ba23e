import type { Database } from 'better-sqlite3'
import type { RequestData } from '../../shared/contract.ts'
import { describeDynamics } from '../../shared/query/describeDynamics.ts'
import { parseRunQuery } from '../../shared/query/runQuery.ts'
import { findRunColumn, type RunColumn } from '../../shared/query/runColumns.ts'
import type { Grouping } from '../../shared/query/runTable.ts'
import { runStatuses } from '../../shared/run.ts'
import { bytesOfCensus, renewedCensus, takeCensus, type Census } from './census.ts'
import { readRest, type InParts } from './inParts.ts'
import { lastingOf, lastingOfValue, shortest } from './lasting.ts'
import { packBits, unpackBits } from './packBits.ts'
import { passingPlaces } from './passingPlaces.ts'
import { RememberedAnswers } from './rememberedAnswers.ts'
import type { Revision } from './runRecords.ts'
import { idsOf, rowidsOf, statusWithoutWriter } from './runSummaries.ts'
import { jsonLists, sql, type Sql } from './sql.ts'
import { keyOf, madeOf, StoredValues, type AmendedColumns, type PlacedRuns, type StoredValue } from './storedValues.ts'
import {
  bytesOf,
  partition,
  placesByRank,
  ranksOf,
  renamedKeys,
  renewed,
  selectPlaces,
  valueAt,
  withKeyForNone,
  type Partition,
  type Values,
} from './values.ts'

/** What makes an arrangement. */
export type Table = Pick<RequestData<'run.ids'>, 'shelf' | 'terms' | 'without' | 'grouping' | 'sort' | 'folded'>

interface Arranged {
  onShelf: Uint8Array
  found: Int32Array
}

interface Parts {
  database: Database
  readOnly: boolean
  revision: Readonly<Revision>
  amended: () => AmendedColumns
  isWritten: () => boolean
}

/** Bytes that are remembered of what runs have, and of what follows from it. */
const [maxBytesOfValues, maxBytesOfAnswers] = [12 * 2 ** 20, 2 ** 20]
/** Of more runs than these, the values of all are read, and remembered. */
const maxLookedUp = 5000

/**
 * What lists need to know of all runs at once, in arrays of numbers: 18 bytes a run, 5 for the latest arrangement of a table, and at
 * most 13 MiB of the values, filters and sortings that were asked for lately. It is read anew when what it says was changed.
 */
export class RunIndex {
  readonly #parts: Parts
  readonly #inOneState: <Output>(read: () => Output) => Output
  #isWritten = true
  readonly #census: RememberedAnswers<Census>
  readonly #values: RememberedAnswers<Values | Partition<unknown>>
  readonly #answers: RememberedAnswers<Uint8Array | Int32Array | Partition>
  readonly #arrangement: RememberedAnswers<Arranged>

  constructor(parts: Parts) {
    this.#parts = parts
    const { database, readOnly, revision } = parts
    this.#census = new RememberedAnswers(revision, { maxBytes: Infinity, bytesOf: bytesOfCensus })
    this.#values = new RememberedAnswers(revision, { maxBytes: maxBytesOfValues, bytesOf })
    this.#answers = new RememberedAnswers(revision, { maxBytes: maxBytesOfAnswers, bytesOf })
    // Nothing but the latest is held.
    this.#arrangement = new RememberedAnswers(revision, {
      maxBytes: 0,
      bytesOf: ({ onShelf, found }) => onShelf.byteLength + found.buffer.byteLength,
    })
    // Nobody else writes what this process writes, and where nothing can be written lists are read all the same.
    this.#inOneState = (read) => (readOnly ? database.transaction(read)() : read())
  }

  /** What is asked within `read` is answered of one state of the archive, and a state is looked at once. */
  reading<Output>(read: () => Output): Output {
    return this.#inOneState(() => {
      this.#isWritten = this.#parts.isWritten()
      const others = `${String(this.#parts.database.pragma('data_version', { simple: true }))} ${this.#isWritten}`
      for (const remembered of this.#remembered()) remembered.lookAt(others)
      return read()
    })
  }

  /** What stands in place of columns of `runs`, for what is asked within `reading`. */
  amended(): AmendedColumns {
    return { ...(this.#isWritten ? {} : { status: statusWithoutWriter }), ...this.#parts.amended() }
  }

  /** That it holds. */
  get bytes(): number {
    return this.#remembered().reduce((sum, { bytes }) => sum + bytes, 0)
  }

  #remembered() {
    return [this.#census, this.#values, this.#answers, this.#arrangement]
  }

  census(): Census {
    const { database } = this.#parts
    const { status } = this.amended()
    return this.#census.remember(
      'census',
      'lasting',
      () => takeCensus(database, status),
      (known, runIds) => renewedCensus(database, known, runIds, status),
    )
  }

  /** The latest arrangement of a table, of which pages are read one after the other. */
  arrangement<Value extends Arranged>(table: Table, arrange: () => Value): Value {
    const { shelf, terms, without, grouping, sort, folded } = table
    const sorting = lastingOfValue(findRunColumn(sort.by)!.value)
    const lasting = shortest([sorting, ...terms.map((term) => lastingOf(parseRunQuery(term)))])
    const key = JSON.stringify({ shelf, terms, without, grouping, sort, folded })
    return this.#arrangement.remember(key, lasting, arrange) as Value
  }

  /** Which runs pass a part of a filter: 1 at their places. */
  passing(term: string): Uint8Array {
    const query = parseRunQuery(term)
    const packed = this.#answers.remember(`term ${term}`, lastingOf(query), () =>
      packBits(passingPlaces(query, this.values())),
    ) as Uint8Array
    return unpackBits(packed, this.census().count)
  }

  /** What all runs have. */
  values(): StoredValues {
    const values: StoredValues = new StoredValues(
      { ...this.census(), ...this.#archive(), among: undefined },
      (key, lasting, read) =>
        this.#values.remember(
          key,
          lasting,
          () => whole(read(values)),
          (known, runIds) => {
            const places = this.placesOf(runIds)
            return renewed(known, places, whole(read(this.#valuesOf(places))))
          },
        ),
    )
    return values
  }

  /** Reads a value of all runs, a part at each step, so that whoever asks for something else need not wait for all of it. */
  *readAhead(value: StoredValue): Generator<void, void> {
    for (const each of madeOf(value)) yield* this.readAhead(each)
    const begin = (): InParts<Values | Partition<unknown>> =>
      value.in === 'tags' ? this.values().tagsInParts() : this.values().inParts(value)
    while (this.reading(() => this.#values.readPart(keyOf(value), lastingOfValue(value), begin))) yield
  }

  /** For which runs a condition on `runs` holds: 1 at their places. */
  holding(condition: Sql): Uint8Array {
    const { count, placeOf } = this.census()
    const holding = new Uint8Array(count)
    const [rowids] = jsonLists(
      this.#parts.database,
      sql`SELECT json_group_array(rowid) FROM runs WHERE ${condition}`,
    ) as [number[]]
    for (const rowid of rowids) holding[placeOf(rowid)!] = 1
    return holding
  }

  /** The places of these runs; those that are not there are left out. */
  placesOf(runIds: readonly string[]): number[] {
    const { placeOf } = this.census()
    return rowidsOf(this.#parts.database, runIds).map((rowid) => placeOf(rowid)!)
  }

  idsOf(places: Iterable<number>): string[] {
    const { rowids } = this.census()
    return idsOf(
      this.#parts.database,
      Array.from(places, (place) => rowids[place]!),
    )
  }

  /** All places as a column sorts them: what has no value last, equal values by seed and then in the order of lists. */
  order(column: RunColumn, descending: boolean): Int32Array {
    return this.#answers.remember(`order ${column.id} ${descending}`, lastingOfValue(column.value), () => {
      const { bySeed, count } = this.census()
      const ranks = ranksOf(this.values().column(column))
      const there = placesByRank(
        selectPlaces(bySeed, (place) => !Number.isNaN(ranks[place])),
        ranks,
        descending,
      )
      const sorted = new Int32Array(count)
      sorted.set(there)
      sorted.set(
        selectPlaces(bySeed, (place) => Number.isNaN(ranks[place])),
        there.length,
      )
      return sorted
    })
  }

  groups(grouping: Exclude<Grouping, 'none'>): Partition {
    return this.#answers.remember(`groups ${grouping}`, 'lasting', () => {
      const values = this.values()
      switch (grouping) {
        case 'experiment':
          return values.experiments()
        case 'status':
          return partition(runStatuses, Int32Array.from(this.census().status))
        case 'tag':
          return withKeyForNone(
            renamedKeys(values.tags(), ([first]) => first!),
            '',
          )
        case 'dynamics':
          return values.ofFacets(describeDynamics)
        case 'modulus':
          return values.ofFacets((facets) => String(facets['task.modulus'] ?? ''))
      }
    })
  }

  /** What the runs at these places have in columns, by their number among the places. */
  readingOf(places: Int32Array): (column: RunColumn) => (i: number) => number | string | null {
    if (places.length > maxLookedUp) {
      const values = this.values()
      return (column) => {
        const found = values.column(column)
        return (i) => valueAt(found, places[i]!)
      }
    }
    const values = this.#valuesOf(places)
    return (column) => {
      const found = values.column(column)
      return (i) => valueAt(found, i)
    }
  }

  /** What the runs at some places have, each by its number among the places. */
  #valuesOf(places: ArrayLike<number>): StoredValues {
    const { rowids } = this.census()
    const own = Array.from(places, (place) => rowids[place]!)
    const numbers = new Map(own.map((rowid, i) => [rowid, i]))
    const runs: PlacedRuns = {
      ...this.#archive(),
      count: own.length,
      among: sql`runs.rowid IN (SELECT value FROM json_each(${JSON.stringify(own)}))`,
      asStored: Int32Array.from(own.keys()).sort((a, b) => own[a]! - own[b]!),
      placeOf: (rowid) => numbers.get(rowid),
    }
    const known = new Map<string, unknown>()
    const values: StoredValues = new StoredValues(runs, (key, _, read) => {
      if (!known.has(key)) known.set(key, whole(read(values)))
      return known.get(key) as never
    })
    return values
  }

  #archive(): Pick<PlacedRuns, 'database' | 'amended' | 'now'> {
    return { database: this.#parts.database, amended: this.amended(), now: Date.now() }
  }
}

function whole<Part extends Values | Partition<unknown>>(read: Part | InParts<Part>): Part {
  return 'next' in read ? readRest(read) : read
}
