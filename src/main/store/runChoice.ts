import type { Database } from 'better-sqlite3'
import type { RequestData } from '../../shared/contract.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import { findRunColumn } from '../../shared/query/runColumns.ts'
import type { Shelf } from '../../shared/query/runTable.ts'
import type { RunStatus } from '../../shared/run.ts'
import type { RunIndex } from './runIndex.ts'
import { countRuns, findRowids } from './runSummaries.ts'
import { joined, name, sql, type Sql } from './sql.ts'
import type { AmendedColumns } from './storedValues.ts'
import { selectPlaces } from './values.ts'

/** Which runs: those for which all that is given holds; those in the bin only where they are asked for. */
export interface RunChoice {
  /** A filter such as `p = 37 and t_grok < 2500`. */
  where?: string | undefined
  shelf?: Shelf | undefined
  includeBinned?: boolean
  runIds?: readonly string[] | undefined
  experimentIds?: readonly string[] | undefined
  /** Of the paper. */
  figure?: FigureId | undefined
  status?: readonly RunStatus[] | undefined
}

interface Part {
  /** Without it in the order of lists. */
  sort?: RequestData<'run.list'>['sort']
  limit?: number
}

/** The rowids of the runs that are chosen, and how many those would be without the limit; asked within `reading`. */
export function findChosen(
  database: Database,
  index: RunIndex,
  choice: RunChoice,
  { sort, limit = -1 }: Part = {},
): { rowids: number[]; total: number } {
  const { where = '' } = choice
  const condition = choiceCondition(choice, index.amended())
  // What needs no filter and no order of all runs is looked up.
  if (where === '' && !sort) {
    const rowids = findRowids(database, condition ?? name('1'), limit)
    return { rowids, total: limit < 0 ? rowids.length : countRuns(database, condition ?? name('1')) }
  }
  const { rowids, count } = index.census()
  const passing = index.passing(where)
  const named = condition && index.holding(condition)
  const order = sort
    ? index.order(findRunColumn(sort.by)!, sort.descending)
    : Int32Array.from({ length: count }, (_, place) => place)
  const found = selectPlaces(order, (place) => passing[place] === 1 && (!named || named[place] === 1))
  return {
    rowids: Array.from(limit < 0 ? found : found.subarray(0, limit), (place) => rowids[place]!),
    total: found.length,
  }
}

/** All but the filter, as a condition on `runs`; undefined where every run is meant. */
function choiceCondition(
  { shelf, includeBinned = false, runIds, experimentIds, figure, status }: RunChoice,
  amended: AmendedColumns,
): Sql | undefined {
  const among = (expression: Sql, values: readonly string[]) =>
    sql`${expression} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`
  const conditions = [
    ...(shelf ? [onShelf(shelf)] : includeBinned ? [] : [name('runs.binnedAt IS NULL')]),
    ...(runIds ? [among(name('runs.id'), runIds)] : []),
    ...(experimentIds ? [among(name('runs.experimentId'), experimentIds)] : []),
    ...(figure ? [sql`runs.experimentId IN (SELECT id FROM experiments WHERE figure = ${figure})`] : []),
    ...(status ? [among(amended.status ?? name('runs.status'), status)] : []),
  ]
  return conditions.length > 0 ? joined(conditions, 'AND') : undefined
}

function onShelf(shelf: Shelf): Sql {
  if (shelf === 'bin') return name('runs.binnedAt IS NOT NULL')
  return name(`(runs.binnedAt IS NULL AND runs.archivedAt IS ${shelf === 'setAside' ? 'NOT NULL' : 'NULL'})`)
}
