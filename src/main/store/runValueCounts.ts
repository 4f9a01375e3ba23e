import type { Database } from 'better-sqlite3'
import { mostRunValues, type RequestData, type RunValueCount } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { findRunField, type RunField } from '../../shared/query/runFields.ts'
import type { RunValue } from '../../shared/query/runValues.ts'
import { quote } from '../../shared/quote.ts'
import { valueExpression, type QueryContext } from './compileQuery.ts'
import { choiceCondition } from './runChoice.ts'
import { sql, type Sql } from './sql.ts'

const collator = new Intl.Collator('en', { numeric: true })

/** What runs have of a field of filters, and how many of them, the most frequent first. */
export function countValues(
  database: Database,
  { shelf, runIds, field: asked, prefix }: Omit<RequestData<'run.values'>, 'archive'>,
  context: QueryContext,
): RunValueCount[] {
  const field = findRunField(asked)
  if (!field) throw new LabError('NOT_FOUND', `field: ${quote(asked)} is no field of runs`)
  const condition = choiceCondition({ shelf, runIds, includeBinned: true }, context)
  const counts = new Map<string, number>()
  const begins = prefix.toLowerCase()
  for (const select of valuesOf(field, condition, context)) {
    const rows = database.prepare(select.text).raw().iterate(select.parameters)
    for (const [value, count] of rows as Iterable<[string | number, number]>) {
      const text = String(value)
      if (text.toLowerCase().startsWith(begins)) counts.set(text, (counts.get(text) ?? 0) + count)
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || collator.compare(a.value, b.value) || (a.value < b.value ? -1 : 1))
    .slice(0, mostRunValues)
}

/** Each value beside the number of runs that have it; a run may have several. */
function valuesOf({ value }: RunField, condition: Sql, context: QueryContext): Sql[] {
  const among = sql`FROM runs WHERE ${condition}`
  const counted = (expression: Sql) =>
    sql`SELECT x, count(*) FROM (SELECT ${expression} AS x ${among}) WHERE x IS NOT NULL GROUP BY x`
  switch (value.in) {
    case 'any':
      return value.of.map((each) => countedValue(each))
    case 'tags':
      return [sql`SELECT tag, count(*) FROM tags WHERE runId IN (SELECT runs.id ${among}) GROUP BY tag`]
    case 'properties':
      return Object.entries(value.of).map(
        ([
          property,
          each,
        ]) => sql`SELECT ${property}, count(*) ${among} AND ${valueExpression(each, context)} IS NOT NULL
          HAVING count(*) > 0`,
      )
    default:
      return [countedValue(value)]
  }

  function countedValue(each: RunValue): Sql {
    if (each.in !== 'facets') return counted(valueExpression(each, context))
    // Found once for each setup instead of for each run.
    return sql`SELECT coalesce(number, text) AS x, sum(runs) FROM (SELECT setup, count(*) AS runs ${among} GROUP BY setup)
      JOIN facets USING (setup) WHERE path = ${each.path} AND x IS NOT NULL GROUP BY x`
  }
}
