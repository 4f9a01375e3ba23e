import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { Curve } from '../../shared/run.ts'
import { rowsPerBucket } from '../../shared/curves/rowsPerBucket.ts'
import { bucketEdges, bucketExtremes, type Spacing } from './bucketExtremes.ts'
import { MeasuredColumn } from './measuredColumn.ts'
import { measurementLayout, type MeasurementLayout } from './measurementLayout.ts'
import { SealedColumns } from './sealedColumns.ts'

export interface CurveRange {
  /** The first and the last step wanted, both included. */
  fromStep?: number
  toStep?: number
  /** About as many points per curve, with every extreme among them; without it, every point. */
  points?: number
  /** How the points are spread: as the axis of steps is drawn. */
  spacing?: Spacing
  /** Points that all curves together may have; INVALID_REQUEST before more are read. */
  maxPoints?: number
}

/** Reads what runs measured, sealed and hot alike. */
export class CurveReader {
  readonly #database: Database
  readonly #sealed: SealedColumns

  constructor(database: Database) {
    this.#database = database
    this.#sealed = new SealedColumns(database)
  }

  /** One curve for each name; without points for a name that the run never measured. */
  readCurves<Name extends string>(runId: string, names: readonly Name[], range: CurveRange = {}): Record<Name, Curve> {
    return this.#database.transaction(() => {
      const layout = measurementLayout(this.#database, runId)
      const measured = names.filter((name) => layout.names.includes(name)).length
      const choose = this.#chooser(layout, measured, range)
      return Object.fromEntries(names.map((name) => [name, choose(name)])) as Record<Name, Curve>
    })()
  }

  /** Every value of one column, `step`, `tau` and `seconds` included; NaN where it was not measured. */
  readColumn(runId: string, name: string): Float64Array {
    return this.#database.transaction(() => {
      const layout = measurementLayout(this.#database, runId)
      return this.#column(layout, name).slice(0, layout.rows)
    })()
  }

  /** Where the rows of a run are now; with it, what is stored later is no part of what is read. */
  layout(runId: string): MeasurementLayout {
    return this.#database.transaction(() => measurementLayout(this.#database, runId))()
  }

  /**
   * The values of one column in the part at `index`, or in the hot rows where `index` is the number of parts: as much of
   * a long run as is needed at a time. NaN where it was not measured.
   */
  readPart(layout: MeasurementLayout, name: string, index: number): Float64Array {
    const part = layout.parts[index]
    if (!part) return layout.hot.get(name)!
    const values = new Float64Array(part.count)
    this.#sealed.readPart(layout, name, part, values)
    return values
  }

  #chooser(layout: MeasurementLayout, measured: number, range: CurveRange): (name: string) => Curve {
    const { fromStep = -Infinity, toStep = Infinity, points = Infinity, spacing = 'linear' } = range
    const [step, tau, seconds] = ['step', 'tau', 'seconds'].map((name) => this.#column(layout, name)) as [
      MeasuredColumn,
      MeasuredColumn,
      MeasuredColumn,
    ]
    const from = step.firstRowAt(fromStep)
    const to = Math.max(from, step.firstRowAt(toStep + 1))
    const needed = measured * Math.min(points, to - from)
    if (needed > (range.maxPoints ?? Infinity)) throw tooManyPoints(layout.runId, needed)
    const isMeasured = (name: string) => layout.names.includes(name)

    if (to - from <= points) {
      const time = { step: step.slice(from, to), tau: tau.slice(from, to), seconds: seconds.slice(from, to) }
      return (name) => (isMeasured(name) ? { ...time, value: this.#column(layout, name).slice(from, to) } : noCurve())
    }
    const rowAt = (at: number) => step.firstRowAt(at)
    const ends = { from, to, firstStep: step.at(from), lastStep: step.at(to - 1) }
    const edges = bucketEdges(rowAt, ends, Math.max(1, Math.floor(points / rowsPerBucket)), spacing)
    return (name) => {
      if (!isMeasured(name)) return noCurve()
      const extremes = this.#sealed.extremes(layout.runId, name)
      const { rows, values } = bucketExtremes(this.#column(layout, name).spans(from, to, extremes), edges)
      const at = (column: MeasuredColumn) => Float64Array.from(rows, (row) => column.at(row))
      return { step: at(step), tau: at(tau), seconds: at(seconds), value: Float64Array.from(values) }
    }
  }

  #column(layout: MeasurementLayout, name: string): MeasuredColumn {
    return new MeasuredColumn(layout, name, this.#sealed.column(layout, name))
  }
}

function tooManyPoints(runId: string, needed: number): LabError {
  const what = `run ${runId} would add ${needed} points to an answer that has no room for them`
  return new LabError('INVALID_REQUEST', `${what}: ask for fewer runs, measurements or points, or for a shorter range`)
}

function noCurve(): Curve {
  return { step: new Float64Array(), tau: new Float64Array(), seconds: new Float64Array(), value: new Float64Array() }
}
