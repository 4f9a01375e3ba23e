import type { RunCurves } from '../contract/runs.ts'
import type { MeasurementName } from '../measurements.ts'
import type { Curve } from '../run.ts'
import { GrowingArray } from './growingArray.ts'
import { keptRows } from './keptRows.ts'

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
 * Rows of a curve while it is watched: enough for every pixel to have several. Beyond them half are let go (`keptRows` says
 * which), so that a window left open overnight does not fill the memory.
 */
const maxRows = 65_536

interface Column {
  rows: Record<Axis, GrowingArray>
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
      this.push(column, { step: rows.step, tau: rows.tau, seconds: rows.seconds, value: values }, from)
      column.newest = rows.step[values.length - 1]!
      this.answered.delete(name)
      grew = true
    }
    return grew
  }

  /** The step of the newest row of any measurement; −∞ before the first. */
  get newest(): number {
    return Math.max(...[...this.columns.values()].map((column) => column.newest))
  }

  /** Step and clock of the newest row of any measurement; `undefined` before the first. */
  get end(): { step: number; tau: number } | undefined {
    const { newest } = this
    const column = [...this.columns.values()].find((each) => each.newest === newest)
    const tau = column?.rows.tau.last()
    return tau === undefined ? undefined : { step: newest, tau }
  }

  /** Whether curves that begin at `newest` are those of the same run: what is there of it and here is the same. */
  isContinuedBy(curves: RunCurves['curves']): boolean {
    const { newest } = this
    return [...this.columns].every(([name, column]) => {
      const last = column.rows.value.last()
      if (column.newest < newest || last === undefined || Number.isNaN(last)) return true
      return curves[name]?.step[0] === newest && curves[name].value[0] === last
    })
  }

  /** Adds the rows of curves that lie beyond what is there. */
  extend(curves: RunCurves['curves']): void {
    for (const [name, curve] of Object.entries(curves) as [MeasurementName, Curve][]) {
      this.append({ step: curve.step, tau: curve.tau, seconds: curve.seconds, values: { [name]: curve.value } })
    }
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

  /** Which rows are let go depends on what came, not on the portions in which it came. */
  private push(column: Column, curve: Curve, from: number): void {
    for (let row = from; row < curve.value.length;) {
      if (column.rows.step.count >= maxRows) this.thin(column)
      const end = Math.min(curve.value.length, row + maxRows - column.rows.step.count)
      for (const axis of axes) column.rows[axis].push(curve[axis].subarray(row, end))
      row = end
    }
  }

  private thin({ rows }: Column): void {
    const kept = keptRows(rows.step.view(), [rows.value.view()], maxRows / 2)
    if (!kept) return
    for (const axis of axes) rows[axis] = rows[axis].picked(kept)
    this.revision++
  }
}

function columnOf(curve: Curve | undefined): Column {
  const start = axes.map((axis) => [axis, new GrowingArray(curve?.[axis])])
  const rows = Object.fromEntries(start) as Record<Axis, GrowingArray>
  return { rows, newest: rows.step.last() ?? -Infinity }
}

/** The rows of both curves in order, each step once. */
function mergeBySteps(a: Curve, b: Curve): Curve {
  const merged = axes.map((axis) => [axis, new Float64Array(a.step.length + b.step.length)] as const)
  let count = 0
  for (let [i, j] = [0, 0]; i < a.step.length || j < b.step.length; count++) {
    const [inA, inB] = [a.step[i] ?? Infinity, b.step[j] ?? Infinity]
    const [from, row] = inA <= inB ? [a, i] : [b, j]
    for (const [axis, numbers] of merged) numbers[count] = from[axis][row]!
    if (inA <= inB) i++
    if (inB <= inA) j++
  }
  return Object.fromEntries(merged.map(([axis, numbers]) => [axis, numbers.slice(0, count)])) as unknown as Curve
}
