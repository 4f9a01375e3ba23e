import type { Database } from 'better-sqlite3'
import { textPredicate } from '../../shared/query/filterRuns.ts'
import type { RunField, TextValue } from '../../shared/query/runFields.ts'
import type { RunQuery } from '../../shared/query/runQuery.ts'
import type { RunColumnName, RunValue } from '../../shared/query/runValues.ts'
import { joined, name, sql, type Sql } from './sql.ts'

/** What runs are that the archive still has otherwise: columns in whose place something else stands. */
export type AmendedColumns = Partial<Record<RunColumnName, Sql>>

export interface QueryContext {
  amended: AmendedColumns
  /** Every tag that a run has, once. */
  tags: () => readonly string[]
  /** Milliseconds since 1970. */
  now: number
}

/**
 * A filter as a condition on `runs`, which is 1 for the very runs that `runPredicate` lets
 * through, 0 for all others, and never null.
 */
export function compileQuery(query: RunQuery, context: QueryContext): Sql {
  switch (query.kind) {
    case 'and':
    case 'or': {
      const parts = query.parts.map((part) => compileQuery(part, context))
      return joined(parts, query.kind === 'and' ? 'AND' : 'OR')
    }
    case 'not':
      return sql`NOT ${compileQuery(query.part, context)}`
    case 'free':
      return freeText(query.text, context)
    case 'missing':
      return missing(query.field, context)
    case 'number':
      return numberCondition(query.field.value, query, context)
    case 'text':
      return textCondition(query.field.value as TextValue, query, context)
  }
}

/** The rowids of the runs that a part of a filter lets through, as a list in JSON. */
export function selectRowids(query: RunQuery, context: QueryContext): Sql {
  const value = query.kind === 'number' ? query.field.value : undefined
  if (query.kind === 'number' && (value?.in === 'latest' || value?.in === 'events')) {
    // By the index on what is compared, and from there to the runs: half the time of a look from every run.
    const [table, column] = value.in === 'latest' ? ['latest', 'value'] : ['events', value.at]
    return sql`SELECT json_group_array(runs.rowid) FROM ${name(table)} AS kept CROSS JOIN runs ON runs.id = kept.runId
      WHERE kept.name = ${value.name} AND ${comparisonOf(name(`kept.${column}`), query)}`
  }
  return sql`SELECT json_group_array(runs.rowid) FROM runs WHERE ${compileQuery(query, context)}`
}

/** What a run has of it, as an expression; null where it has nothing. */
export function valueExpression(value: RunValue, context: QueryContext): Sql {
  const { amended, now } = context
  const of = (inner: RunValue) => valueExpression(inner, context)
  switch (value.in) {
    case 'run':
      return amended[value.column] ?? columnOf(value.column)
    case 'facets':
      return sql`(SELECT coalesce(number, text) FROM facets WHERE setup = runs.setup AND path = ${value.path})`
    case 'latest':
      return sql`(SELECT value FROM latest WHERE runId = runs.id AND name = ${value.name})`
    case 'events':
      return sql`(SELECT ${name(value.at)} FROM events WHERE runId = runs.id AND name = ${value.name})`
    case 'difference':
      return sql`(${of(value.of)} - ${of(value.less)})`
    case 'either':
      return sql`coalesce(${joinedList(value.of.map(of))})`
    case 'positive':
      return sql`(SELECT x FROM (SELECT ${of(value.of)} AS x) WHERE x > 0)`
    case 'multiple':
      return sql`(floor(${of(value.of)} / ${value.unit * 1.0} ) * ${value.unit})`
    case 'age':
      return sql`((${now} - runs.createdAt) / 1000.0)`
  }
}

/** The function by which conditions look at texts that are not plain ASCII. */
export function registerTextMatch(database: Database): void {
  const known = new Map<string, (found: string) => boolean>()
  database.function('textMatches', { deterministic: true, directOnly: true }, (found, match, text) => {
    const key = `${String(match)} ${String(text)}`
    const holds = known.get(key) ?? textPredicate(match as 'whole' | 'part', String(text))
    if (known.size > 100) known.clear()
    known.set(key, holds)
    return typeof found === 'string' && holds(found) ? 1 : 0
  })
}

const columnsOfExperiment: Partial<Record<RunColumnName, string>> = { experiment: 'name', figure: 'figure' }

function columnOf(column: RunColumnName): Sql {
  const own = columnsOfExperiment[column]
  if (own === undefined) return name(`runs.${column}`)
  return name(`(SELECT ${own} FROM experiments WHERE experiments.id = runs.experimentId)`)
}

function freeText(text: string, context: QueryContext): Sql {
  const match = { match: 'part', text } as const
  return joined(
    [
      matches(name('runs.name'), match),
      ofExperiment(matches(name('name'), match)),
      matches(name('runs.id'), match),
      tagged(match, context),
    ],
    'OR',
  )
}

/** Found once for each experiment instead of for each run. */
function ofExperiment(condition: Sql): Sql {
  return sql`runs.experimentId IN (SELECT id FROM experiments WHERE ${condition})`
}

/** There are far fewer tags than runs: the program finds those that are meant. */
function tagged({ match, text }: TextMatch, { tags }: QueryContext): Sql {
  const meant = tags().filter(textPredicate(match, text))
  if (meant.length === 0) return name('0')
  const list = sql`SELECT value FROM json_each(${JSON.stringify(meant)})`
  return sql`EXISTS (SELECT 1 FROM tags WHERE runId = runs.id AND tag IN (${list}))`
}

function missing({ value }: RunField, context: QueryContext): Sql {
  switch (value.in) {
    case 'any':
      return joined(
        value.of.map((each) => sql`NOT ${isThere(each, context)}`),
        'AND',
      )
    case 'tags':
      return name('NOT EXISTS (SELECT 1 FROM tags WHERE runId = runs.id)')
    case 'properties':
      return joined(
        Object.values(value.of).map((each) => sql`NOT ${isThere(each, context)}`),
        'AND',
      )
    default:
      return sql`NOT ${isThere(value, context)}`
  }
}

function isThere(value: RunValue, context: QueryContext): Sql {
  if (value.in === 'facets') return withFacet(value.path, name('coalesce(number, text) IS NOT NULL'))
  return sql`(${valueExpression(value, context)} IS NOT NULL)`
}

/** Found once for each setup instead of for each run. */
function withFacet(path: string, condition: Sql): Sql {
  return sql`runs.setup IN (SELECT setup FROM facets WHERE path = ${path} AND ${condition})`
}

type Comparison = Pick<RunQuery & { kind: 'number' }, 'operator' | 'value'>

function numberCondition(value: RunValue, comparison: Comparison, context: QueryContext): Sql {
  const compare = (x: Sql) => comparisonOf(x, comparison)
  switch (value.in) {
    case 'facets':
      return withFacet(value.path, compare(name('number')))
    case 'latest':
      return sql`EXISTS (SELECT 1 FROM latest WHERE runId = runs.id AND name = ${value.name} AND ${compare(name('value'))})`
    case 'events':
      return sql`EXISTS (
        SELECT 1 FROM events WHERE runId = runs.id AND name = ${value.name} AND ${compare(name(value.at))}
      )`
    case 'either':
      if (value.of.every((each) => each.in === 'facets')) {
        const condition = numberOf(valueExpression(value, context), compare)
        return sql`runs.setup IN (SELECT setup FROM (SELECT DISTINCT setup FROM runs) AS runs WHERE ${condition})`
      }
  }
  return numberOf(valueExpression(value, context), compare)
}

/** Of a value that may also be a text, or not there. */
function numberOf(value: Sql, compare: (x: Sql) => Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM (SELECT ${value} AS x) WHERE typeof(x) IN ('integer', 'real') AND ${compare(name('x'))})`
}

function comparisonOf(x: Sql, { operator, value: { from, to } }: Comparison): Sql {
  const isOne = from === to
  switch (operator) {
    case '=':
      return isOne ? sql`${x} = ${from}` : sql`(${x} >= ${from} AND ${x} < ${to})`
    case '<':
      return sql`${x} < ${from}`
    case '>=':
      return sql`${x} >= ${from}`
    case '<=':
      return isOne ? sql`${x} <= ${to}` : sql`${x} < ${to}`
    case '>':
      return isOne ? sql`${x} > ${to}` : sql`${x} >= ${to}`
  }
}

type TextMatch = Pick<RunQuery & { kind: 'text' }, 'match' | 'text'>

function textCondition(value: TextValue | RunValue, match: TextMatch, context: QueryContext): Sql {
  switch (value.in) {
    case 'any':
      return joined(
        value.of.map((each) => textCondition(each, match, context)),
        'OR',
      )
    case 'tags':
      return tagged(match, context)
    case 'properties': {
      const holds = textPredicate(match.match, match.text)
      const named = Object.entries(value.of).filter(([property]) => holds(property))
      return joined(
        named.map(([, each]) => isThere(each, context)),
        'OR',
      )
    }
    case 'facets':
      return withFacet(value.path, sql`number IS NULL AND ${matches(name('text'), match)}`)
    case 'run':
      return columnsOfExperiment[value.column]
        ? ofExperiment(matches(name(columnsOfExperiment[value.column]!), match))
        : matches(valueExpression(value, context), match)
    default:
      return matches(valueExpression(value, context), match)
  }
}

/**
 * SQLite knows letters of ASCII alone, and its LIKE ends at a zero: a text of as many bytes as letters is compared by it,
 * every other by the program.
 */
function matches(found: Sql, { match, text }: TextMatch): Sql {
  const wanted = text.toLowerCase()
  const isAscii = /^[\u0001-\u007f]*$/.test(wanted)
  const plain = isAscii ? sql`${found} LIKE ${likePattern(wanted, match)} ESCAPE '\\'` : name('0')
  return sql`(CASE WHEN typeof(${found}) <> 'text' THEN 0 WHEN length(${found}) = octet_length(${found}) THEN ${plain}
    ELSE textMatches(${found}, ${match}, ${text}) END)`
}

function likePattern(wanted: string, match: 'whole' | 'part'): string {
  const escaped = wanted.replaceAll(/[\\%_]/g, '\\$&')
  return match === 'part' ? `%${escaped}%` : escaped.replaceAll('*', '%')
}

function joinedList(expressions: readonly Sql[]): Sql {
  return {
    text: expressions.map(({ text }) => text).join(', '),
    parameters: expressions.flatMap(({ parameters }) => parameters),
  }
}
