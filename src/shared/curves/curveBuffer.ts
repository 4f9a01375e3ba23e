import type { RunCurves } from '../contract.ts'
import type { MeasurementName } from '../measurements.ts'
import type { Curve } from '../run.ts'
import { GrowingArray } from './growingArray.ts'

/** Rows that arrive together: one x for all, and a value for some of the measurements. */
export interface MeasuredRows {
  step: Float64Array
  tau: Float64Array
  seconds: Float64Array
  values: Partial<Record<MeasurementName, Float64Array>>
}

type Axis = keyof Curve
const axes = ['step', 'tau', 'seconds', 'value'] as const satisfies readonly Axis[]

/**
 * Rows of a curve while it is watched: enough for every pixel to have several. Beyond them every other row is let go, and
 * half as many are taken from then on, so that a window left open overnight does not fill the memory. Which rows stay
 * depends on their number alone: runs that are measured alike keep alike steps.
 */
const maxRows = 65_536

interface Column {
  rows: Record<Axis, GrowingArray>
  /** Rows that came, and of how many one is kept. */
  seen: number
  stride: number
  /** The step of the newest row that came. */
  newest: number
}

/** Curves of one run that grow at their end without being copied each time. */
export class CurveBuffer {
  private readonly columns = new Map<MeasurementName, Column>()
  /** What `curve` last answered: the same object until there is more. */
  private readonly answered = new Map<MeasurementName, Curve>()
  /** Grows when rows came in between or were let go, so that what was worked out from them is to be done anew. */
  revision = 0

  /** Follows `names`, beginning with the curves there are of them so far. */
  constructor(names: readonly MeasurementName[], curves: RunCurves['curves'] = {}) {
    for (const name of names) this.columns.set(name, columnOf(curves[name]))
  }

  /** Adds the rows that lie beyond what is there; tells whether there were any. */
  append(rows: MeasuredRows): boolean {
    let grew = false
    for (const [name, column] of this.columns) {
      const values = rows.values[name]
      if (!values) continue
      const from = rows.step.findIndex((step) => step > column.newest)
      if (from < 0 || from >= values.length) continue
      const { step, tau, seconds } = rows
      const kept = keptRows(column, from, values.length)
      for (const [axis, numbers] of Object.entries({ step, tau, seconds, value: values }) as [Axis, Float64Array][]) {
        column.rows[axis].push(kept ? kept.map((row) => numbers[row]!) : numbers.subarray(from))
      }
      column.seen += values.length - from
      column.newest = step[values.length - 1]!
      if (column.rows.step.count > maxRows) this.thin(column)
      this.answered.delete(name)
      grew = true
    }
    return grew
  }

  /** Adds rows in between those that are there. */
  refine(curves: RunCurves['curves']): void {
    for (const name of this.columns.keys()) {
      const more = curves[name]
      if (!more) continue
      this.columns.set(name, columnOf(mergeBySteps(this.curve(name) ?? more, more)))
      this.answered.delete(name)
    }
    this.revision++
  }

  /** A view of what is there now; `undefined` where there is nothing of it. */
  curve(name: MeasurementName): Curve | undefined {
    const column = this.columns.get(name)
    if (!column || column.rows.step.count === 0) return undefined
    const known = this.answered.get(name)
    if (known) return known
    const curve = Object.fromEntries(axes.map((axis) => [axis, column.rows[axis].view()])) as unknown as Curve
    this.answered.set(name, curve)
    return curve
  }

  private thin(column: Column): void {
    for (const axis of axes) column.rows[axis] = column.rows[axis].thinned()
    column.stride *= 2
    this.revision++
  }
}

function columnOf(curve: Curve | undefined): Column {
  const start = axes.map((axis) => [axis, new GrowingArray(curve?.[axis])])
  const rows = Object.fromEntries(start) as Record<Axis, GrowingArray>
  return { rows, seen: rows.step.count, stride: 1, newest: rows.step.last() ?? -Infinity }
}

/** Which of the new rows are kept; `null` for all of them. */
function keptRows({ seen, stride }: Column, from: number, to: number): number[] | null {
  if (stride === 1) return null
  const kept: number[] = []
  for (let row = from + ((stride - (seen % stride)) % stride); row < to; row += stride) kept.push(row)
  return kept
}

/** The rows of both curves in order, each step once. */
function mergeBySteps(a: Curve, b: Curve): Curve {
  const steps = Float64Array.from(new Set([...a.step, ...b.step])).sort()
  const pick = (axis: Axis) => {
    let [i, j] = [0, 0]
    return steps.map((step) => {
      while (i < a.step.length && a.step[i]! < step) i++
      while (j < b.step.length && b.step[j]! < step) j++
      return a.step[i] === step ? a[axis][i]! : b[axis][j]!
    })
  }
  return { step: steps, tau: pick('tau'), seconds: pick('seconds'), value: pick('value') }
}
