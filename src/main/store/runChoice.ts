import { parseRunQuery } from '../../shared/query/runQuery.ts'
import type { Shelf } from '../../shared/query/runTable.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import type { RunStatus } from '../../shared/run.ts'
import { compileQuery, valueExpression, type QueryContext } from './compileQuery.ts'
import { joined, name, sql, type Sql } from './sql.ts'

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

/** As a condition on `runs`. */
export function choiceCondition(choice: RunChoice, context: QueryContext): Sql {
  const { where = '', shelf, includeBinned = false, runIds, experimentIds, figure, status } = choice
  const among = (expression: Sql, values: readonly string[]) =>
    sql`${expression} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`
  const conditions = [
    ...(shelf ? [onShelf(shelf)] : includeBinned ? [] : [name('runs.binnedAt IS NULL')]),
    ...(runIds ? [among(name('runs.id'), runIds)] : []),
    ...(experimentIds ? [among(name('runs.experimentId'), experimentIds)] : []),
    ...(figure ? [sql`runs.experimentId IN (SELECT id FROM experiments WHERE figure = ${figure})`] : []),
    ...(status ? [among(valueExpression({ in: 'run', column: 'status' }, context), status)] : []),
    ...(where === '' ? [] : [compileQuery(parseRunQuery(where), context)]),
  ]
  return joined(conditions, 'AND')
}

function onShelf(shelf: Shelf): Sql {
  if (shelf === 'bin') return name('runs.binnedAt IS NOT NULL')
  return name(`(runs.binnedAt IS NULL AND runs.archivedAt IS ${shelf === 'archived' ? 'NOT NULL' : 'NULL'})`)
}
