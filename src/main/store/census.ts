import type { Database } from 'better-sqlite3'
import { runStatuses } from '../../shared/run.ts'
import { orderOfExperiments } from './runSummaries.ts'
import { jsonLists, jsonParts, name, sql, type Sql } from './sql.ts'
import { placesByRank } from './values.ts'

/** What is asked of every run at once has the runs as places, numbered in the order of lists. */
export interface Census {
  count: number
  /** By place. */
  rowids: Float64Array | Uint32Array
  placeOf: (rowid: number) => number | undefined
  /** Places in the order of rowids, in which the archive is read. */
  asStored: Int32Array
  /** By place, as an index into `shelves`, and into `runStatuses`. */
  shelf: Uint8Array
  status: Uint8Array
  /** Places by seed; those of equal seed in the order of lists. */
  bySeed: Int32Array
}

/** `status` is what stands in place of the status of a run. */
export function takeCensus(database: Database, status = name('runs.status')): Census {
  const [experiments] = jsonLists(
    database,
    sql`SELECT json_group_array(rowid) FROM (SELECT rowid FROM experiments ORDER BY ${name(orderOfExperiments)})`,
  ) as [number[]]
  const orderOf = placesByRowid(experiments)
  const { count, least, largest } = database
    .prepare('SELECT count(*) AS count, min(rowid) AS least, max(rowid) AS largest FROM runs')
    .get() as { count: number; least: number | null; largest: number | null }
  const Rowids = (least ?? 0) >= 0 && (largest ?? 0) < 2 ** 32 ? Uint32Array : Float64Array
  // As stored; what is only needed here is small, since the engine gives it back late.
  const [stored, order, seeds] = [new Rowids(count), new Int32Array(count), new Float64Array(count)]
  const [shelf, statuses] = [new Uint8Array(count), new Uint8Array(count)]
  const parts = jsonParts(
    database,
    ['run', 'experiment', 'seed', 'shelf', 'status'],
    count,
    ([last] = [-Infinity]) => sql`
      SELECT runs.rowid AS run, experiments.rowid AS experiment, seed, ${shelfNumber} AS shelf, ${statusNumber(status)} AS status
      FROM runs CROSS JOIN experiments ON experiments.id = runs.experimentId WHERE runs.rowid > ${last} ORDER BY runs.rowid`,
  ) as Iterable<[number[], number[], number[], number[], number[]]>
  let read = 0
  for (const [run, experiment, seed, ownShelf, ownStatus] of parts) {
    stored.set(run, read)
    order.set(
      experiment.map((rowid) => orderOf(rowid)!),
      read,
    )
    seeds.set(seed, read)
    shelf.set(ownShelf, read)
    statuses.set(ownStatus, read)
    read += run.length
  }
  const asStored = placesByOrder(order, experiments.length)
  const byPlace = <Numbers extends Float64Array | Uint32Array | Uint8Array>(numbers: Numbers): Numbers => {
    const placed = numbers.slice() as Numbers
    for (let i = 0; i < count; i++) placed[asStored[i]!] = numbers[i]!
    return placed
  }
  const rowids = byPlace(stored)
  return {
    count,
    rowids,
    placeOf: placesByRowid(rowids),
    asStored,
    shelf: byPlace(shelf),
    status: byPlace(statuses),
    bySeed: placesByRank(asStored.toSorted(), byPlace(seeds)),
  }
}

/** The place of each run among all, those of one experiment as they are stored; experiments are numbered in their order. */
function placesByOrder(order: Int32Array, experiments: number): Int32Array {
  const next = new Int32Array(experiments + 1)
  for (const number of order) next[number + 1]! += 1
  for (let number = 0; number < experiments; number++) next[number + 1]! += next[number]!
  return order.map((number) => next[number]!++)
}

export function bytesOfCensus({ rowids, asStored, shelf, status, bySeed, count }: Census): number {
  const bytesOfPlaces = 4 * count
  return [rowids, asStored, shelf, status, bySeed].reduce((sum, { byteLength }) => sum + byteLength, bytesOfPlaces)
}

/** The same runs, where something was written of some. */
export function renewedCensus(
  database: Database,
  known: Census,
  runIds: readonly string[],
  status = name('runs.status'),
): Census {
  const [rowids, shelves, statuses] = jsonLists(
    database,
    sql`SELECT json_group_array(rowid), json_group_array(${shelfNumber}), json_group_array(${statusNumber(status)})
      FROM runs WHERE id IN (SELECT value FROM json_each(${JSON.stringify(runIds)}))`,
  ) as [number[], number[], number[]]
  const census = { ...known, shelf: known.shelf.slice(), status: known.status.slice() }
  for (const [i, rowid] of rowids.entries()) {
    const place = known.placeOf(rowid)!
    census.shelf[place] = shelves[i]!
    census.status[place] = statuses[i]!
  }
  return census
}

const shelfNumber = name('CASE WHEN binnedAt IS NOT NULL THEN 2 WHEN archivedAt IS NOT NULL THEN 1 ELSE 0 END')

function statusNumber(status: Sql): Sql {
  return sql`CASE ${status} ${name(runStatuses.map((each, i) => `WHEN '${each}' THEN ${i}`).join(' '))} END`
}

/** Rowids grow by one with each run, and are few where runs were removed; a file of others may hold any. */
function placesByRowid(rowids: readonly number[] | Census['rowids']): Census['placeOf'] {
  let [least, largest] = [0, 0]
  for (const rowid of rowids) {
    least = Math.min(least, rowid)
    largest = Math.max(largest, rowid)
  }
  if (least < 0 || largest > 8 * rowids.length + 1024) {
    const places = new Map(Array.from(rowids, (rowid, place) => [rowid, place]))
    return (rowid) => places.get(rowid)
  }
  const places = new Int32Array(largest + 1).fill(-1)
  for (const [place, rowid] of rowids.entries()) places[rowid] = place
  return (rowid) => {
    const place = places[rowid]
    return place === undefined || place < 0 ? undefined : place
  }
}
