import type { Database, Statement } from 'better-sqlite3'

/** A piece of SQL; every value in it is a parameter, in the order of their places. */
export interface Sql {
  text: string
  parameters: readonly unknown[]
}

/** Joins pieces: `sql` in a template is put in as it is, any other value as a parameter. */
export function sql(texts: TemplateStringsArray, ...values: readonly unknown[]): Sql {
  let text = texts[0]!
  const parameters: unknown[] = []
  for (const [place, value] of values.entries()) {
    if (isSql(value)) {
      text += value.text
      parameters.push(...value.parameters)
    } else {
      text += '?'
      parameters.push(value)
    }
    text += texts[place + 1]!
  }
  return { text, parameters }
}

/** A name of a column or a table, of which this program has the list. */
export function name(text: string): Sql {
  return { text, parameters: [] }
}

/** The columns of the one row that is selected, each a list in JSON: a tenth of the time of as many rows as they are long. */
export function jsonLists(database: Database, { text, parameters }: Sql): unknown[][] {
  return listsOf(database.prepare(text), parameters)
}

function listsOf(statement: Statement, parameters: readonly unknown[]): unknown[][] {
  const lists = statement.raw().get(parameters) as string[]
  return lists.map((list) => JSON.parse(list) as unknown[])
}

const rowsOfPart = 4096

/**
 * The same of at most `max` rows, which `select` names as `columns`, a few thousand at a time: of many rows, all at once would
 * take memory that is not given back. `select` goes on after the last row of the part before.
 */
export function* jsonParts(
  database: Database,
  columns: readonly string[],
  max: number,
  select: (last: readonly unknown[] | undefined) => Sql,
): Generator<unknown[][], void> {
  const lists = name(columns.map((column) => `json_group_array(${column})`).join(', '))
  let last: unknown[] | undefined
  // One for each part would be held until the engine collects garbage.
  let statement: Statement | undefined
  for (let read = 0; read < max;) {
    const { text, parameters } = sql`SELECT ${lists} FROM (${select(last)} LIMIT ${rowsOfPart})`
    if (statement?.source !== text) statement = database.prepare(text)
    const part = listsOf(statement, parameters)
    const { length } = part[0]!
    if (length > 0) yield part
    if (length < rowsOfPart) return
    read += length
    last = part.map((list) => list[length - 1])
  }
}

/** Conditions joined pairwise, since SQLite takes no expression that is too deep. */
export function joined(conditions: readonly Sql[], word: 'AND' | 'OR'): Sql {
  if (conditions.length === 0) return name(word === 'AND' ? '1' : '0')
  if (conditions.length === 1) return conditions[0]!
  const half = conditions.length >> 1
  const [left, right] = [joined(conditions.slice(0, half), word), joined(conditions.slice(half), word)]
  return sql`(${left} ${name(word)} ${right})`
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && 'text' in value && 'parameters' in value
}
