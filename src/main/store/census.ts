import type { Database } from 'better-sqlite3'
import { runStatuses } from '../../shared/run.ts'
import { orderOfLists } from './runSummaries.ts'
import { jsonLists, name, sql, type Sql } from './sql.ts'
import { placesByRank } from './values.ts'

/** What is asked of every run at once has the runs as places, numbered in the order of lists. */
export interface Census {
  count: number
  /** By place. */
  rowids: Float64Array
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
  const [rowids, seeds, shelf, statuses] = jsonLists(
    database,
    sql`SELECT json_group_array(run), json_group_array(seed), json_group_array(shelf), json_group_array(status) FROM (
      SELECT runs.rowid AS run, seed, ${shelfNumber} AS shelf, ${statusNumber(status)} AS status
      FROM runs JOIN experiments ON experiments.id = runs.experimentId ORDER BY ${name(orderOfLists)}
    )`,
  ) as [number[], number[], number[], number[]]
  const places = Int32Array.from(rowids.keys())
  return {
    count: rowids.length,
    rowids: Float64Array.from(rowids),
    placeOf: placesByRowid(rowids),
    asStored: placesByRank(places, rowids),
    shelf: Uint8Array.from(shelf),
    status: Uint8Array.from(statuses),
    bySeed: placesByRank(places, seeds),
  }
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
function placesByRowid(rowids: readonly number[]): Census['placeOf'] {
  const largest = rowids.reduce((max, rowid) => Math.max(max, rowid), 0)
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
