import { crc32 } from 'node:zlib'
import type { Database, Statement } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { Curve } from '../../shared/run.ts'
import { bucketEdges, decimate, firstRowAt, type Spacing, type Span } from './decimate.ts'
import { hotColumns, type HotRow } from './hotRows.ts'

export interface CurveRange {
  /** The first and the last step wanted, both included. */
  fromStep?: number
  toStep?: number
  /** About as many points per curve, with every extreme among them; without it, every point. */
  points?: number
  /** How the points are spread: as the axis of steps is drawn. */
  spacing?: Spacing
}

/** Reads what runs measured, sealed and hot alike. */
export class CurveReader {
  readonly #database: Database
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(database: Database) {
    this.#database = database
    this.#statements = prepareStatements(database)
  }

  /** One curve for each name; without points for a name that the run never measured. */
  readCurves<Name extends string>(runId: string, names: readonly Name[], range: CurveRange = {}): Record<Name, Curve> {
    return this.#database.transaction(() => {
      const layout = this.#layout(runId)
      const time = this.#time(layout)
      const { fromStep = -Infinity, toStep = Infinity, points = Infinity, spacing = 'linear' } = range
      const rows = { from: firstRowAt(time.step, fromStep), to: firstRowAt(time.step, toStep + 1) }
      const edges =
        rows.to - rows.from > points
          ? bucketEdges(time.step, rows, Math.max(1, Math.floor(points / 2)), spacing)
          : undefined
      const whole = edges ? undefined : slice(time, rows.from, rows.to)
      const curve = (name: Name): Curve => {
        if (!layout.names.has(name)) return { ...slice(time, 0, 0), value: new Float64Array() }
        if (whole) return { ...whole, value: this.#column(layout, name).slice(rows.from, rows.to) }
        const chosen = decimate(this.#spans(layout, name), edges!)
        return { ...pick(time, chosen.rows), value: Float64Array.from(chosen.values) }
      }
      return Object.fromEntries(names.map((name) => [name, curve(name)])) as Record<Name, Curve>
    })()
  }

  /** Every value of one column, `step`, `tau` and `seconds` included; NaN where it was not measured. */
  readColumn(runId: string, name: string): Float64Array {
    return this.#database.transaction(() => this.#column(this.#layout(runId), name))()
  }

  #layout(runId: string): Layout {
    const parts: Part[] = []
    let rows = 0
    for (const { part, count, bytes } of this.#statements.parts.all(runId) as PartRow[]) {
      if (bytes !== 8 * count) throw damaged(runId, 'step', part, `takes ${bytes} bytes for ${count} numbers`)
      parts.push({ part, count, start: rows })
      rows += count
    }
    const names = this.#statements.names.all(runId) as string[]
    const hotRows = this.#statements.hotRows.all(runId) as HotRow[]
    const total = rows + hotRows.length
    if (8 * rows > (this.#statements.fileBytes.get() as number)) {
      throw damaged(runId, 'step', parts.length - 1, `would make ${rows} rows, more than the file can hold`)
    }
    return { runId, names: new Set(names), parts, hot: hotColumns(hotRows, names), hotStart: rows, rows: total }
  }

  #time(layout: Layout): Time {
    return {
      step: this.#column(layout, 'step'),
      tau: this.#column(layout, 'tau'),
      seconds: this.#column(layout, 'seconds'),
    }
  }

  #column(layout: Layout, name: string): Float64Array {
    const column = new Float64Array(layout.rows)
    for (const part of layout.parts) column.set(this.#values(layout.runId, name, part), part.start)
    const hot = layout.hot.get(name)
    if (hot) column.set(hot, layout.hotStart)
    else column.fill(NaN, layout.hotStart)
    return column
  }

  *#spans(layout: Layout, name: string): Iterable<Span> {
    const { runId, parts, hot, hotStart } = layout
    const sealed = this.#statements.extremes.all(runId, name) as (Extremes & { part: number; missing: number })[]
    const extremesByPart = new Map(sealed.filter(({ missing }) => missing === 0).map((row) => [row.part, row]))
    for (const part of parts) {
      const found = extremesByPart.get(part.part)
      const extremes = found && isWithin(found, part.count) ? found : undefined
      yield { start: part.start, count: part.count, extremes, values: () => this.#values(runId, name, part) }
    }
    const values = hot.get(name)
    if (values) yield { start: hotStart, count: values.length, values: () => values }
  }

  #values(runId: string, name: string, { part, count }: Part): Float64Array {
    const chunk = this.#statements.chunk.get(8 * count, runId, name, part) as ChunkRow | undefined
    if (!chunk) return new Float64Array(count).fill(NaN)
    const { bytes, checksum, data } = chunk
    if (!data) throw damaged(runId, name, part, `takes ${bytes} bytes for ${count} numbers`)
    if (crc32(data) !== checksum) throw damaged(runId, name, part, 'fails its checksum')
    const values = new Float64Array(count)
    new Uint8Array(values.buffer).set(data)
    return values
  }
}

interface Part {
  part: number
  count: number
  start: number
}

interface Layout {
  runId: string
  names: ReadonlySet<string>
  parts: Part[]
  hot: Map<string, Float64Array>
  hotStart: number
  rows: number
}

interface PartRow {
  part: number
  count: number
  bytes: number
}

interface ChunkRow {
  bytes: number
  checksum: number
  data: Buffer | null
}

type Extremes = NonNullable<Span['extremes']>
type Time = Omit<Curve, 'value'>

function isWithin({ minimumAt, maximumAt }: Extremes, count: number): boolean {
  return minimumAt >= 0 && minimumAt < count && maximumAt >= 0 && maximumAt < count
}

function slice(time: Time, from: number, to: number): Time {
  return { step: time.step.slice(from, to), tau: time.tau.slice(from, to), seconds: time.seconds.slice(from, to) }
}

function pick({ step, tau, seconds }: Time, rows: readonly number[]): Time {
  const at = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!)
  return { step: at(step), tau: at(tau), seconds: at(seconds) }
}

function damaged(runId: string, name: string, part: number, what: string): LabError {
  return new LabError(
    'ARCHIVE_UNREADABLE',
    `the measurements of run ${runId} are damaged: part ${part} of ${name} ${what}`,
  )
}

function prepareStatements(database: Database) {
  const prepare = (sql: string): Statement => database.prepare(sql)
  return {
    parts: prepare(
      `SELECT parts.part, parts.count, length(chunks.data) AS bytes
       FROM parts LEFT JOIN chunks ON chunks.runId = parts.runId AND chunks.name = 'step' AND chunks.part = parts.part
       WHERE parts.runId = ? ORDER BY parts.part`,
    ),
    names: prepare('SELECT name FROM measurementColumns WHERE runId = ? ORDER BY position').pluck(),
    hotRows: prepare('SELECT step, tau, seconds, data FROM hotRows WHERE runId = ? ORDER BY step'),
    fileBytes: prepare('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size').pluck(),
    extremes: prepare(
      `SELECT part, missing, minimum, maximum, minimumAt, maximumAt FROM chunks WHERE runId = ? AND name = ?`,
    ),
    chunk: prepare(
      `SELECT length(data) AS bytes, checksum, CASE length(data) WHEN ? THEN data END AS data
       FROM chunks WHERE runId = ? AND name = ? AND part = ?`,
    ),
  }
}
