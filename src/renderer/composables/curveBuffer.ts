import type { RunCurves } from '../../shared/contract.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import type { Curve } from '../../shared/run.ts'
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

/** Curves of one run that grow at their end without being copied each time. */
export class CurveBuffer {
  private readonly columns = new Map<MeasurementName, Record<Axis, GrowingArray>>()
  /** What `curve` last answered: the same object until there is more. */
  private readonly answered = new Map<MeasurementName, Curve>()
  /** Grows when rows came in between those that were there, so that what was worked out from them is to be done anew. */
  revision = 0

  /** Follows `names`, beginning with the curves there are of them so far. */
  constructor(names: readonly MeasurementName[], curves: RunCurves['curves'] = {}) {
    for (const name of names) {
      const start = axes.map((axis) => [axis, new GrowingArray(curves[name]?.[axis] ?? new Float64Array(0))])
      this.columns.set(name, Object.fromEntries(start) as Record<Axis, GrowingArray>)
    }
  }

  /** Adds the rows that lie beyond what is there; tells whether there were any. */
  append(rows: MeasuredRows): boolean {
    let grew = false
    for (const [name, column] of this.columns) {
      const values = rows.values[name]
      if (!values) continue
      const last = column.step.last()
      const from = last === undefined ? 0 : rows.step.findIndex((step) => step > last)
      if (from < 0 || from >= values.length) continue
      column.step.push(rows.step.subarray(from))
      column.tau.push(rows.tau.subarray(from))
      column.seconds.push(rows.seconds.subarray(from))
      column.value.push(values.subarray(from))
      this.answered.delete(name)
      grew = true
    }
    return grew
  }

  /** Adds rows in between those that are there. */
  refine(curves: RunCurves['curves']): void {
    for (const [name, column] of this.columns) {
      const more = curves[name]
      if (!more) continue
      const merged = mergeBySteps(this.curve(name) ?? more, more)
      for (const axis of axes) column[axis] = new GrowingArray(merged[axis])
      this.answered.delete(name)
    }
    this.revision++
  }

  /** A view of what is there now; `undefined` where there is nothing of it. */
  curve(name: MeasurementName): Curve | undefined {
    const column = this.columns.get(name)
    if (!column || column.step.last() === undefined) return undefined
    const known = this.answered.get(name)
    if (known) return known
    const curve = viewOf(column)
    this.answered.set(name, curve)
    return curve
  }
}

function viewOf(column: Record<Axis, GrowingArray>): Curve {
  return Object.fromEntries(axes.map((axis) => [axis, column[axis].view()])) as unknown as Curve
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
