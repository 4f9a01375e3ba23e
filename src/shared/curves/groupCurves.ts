import type { Columns } from '../panel.ts'
import type { Curve } from '../run.ts'
import { placeAtOrBelow } from '../neighbors.ts'
import { axisOfStep, valuesOnAxis, type HorizontalAxis } from './horizontalAxis.ts'

/** The steps present in every one of some ascending lists, ascending. */
export function commonSteps(lists: readonly Float64Array[]): Float64Array {
  return lists.reduce((common, steps) => intersection(common, steps), lists[0] ?? new Float64Array(0))
}

/**
 * A curve without the rows at which it was not measured: all without a value where those are half of the rows or more, else those
 * at steps that its own schedule, every so many steps, passes over. What it lacks at a step of its schedule stays, as a gap.
 */
export function withoutUnmeasured(curve: Curve): Curve {
  const kept = measuredRows.get(curve) ?? keepMeasured(curve)
  measuredRows.set(curve, kept)
  return kept
}

const measuredRows = new WeakMap<Curve, Curve>()

function keepMeasured(curve: Curve): Curve {
  const { step, value } = curve
  let measured = 0
  let every = 0
  for (let k = 0; k < value.length; k++) {
    if (Number.isNaN(value[k]!)) continue
    measured++
    every = greatestDivisor(every, step[k]!)
  }
  const isFew = 2 * measured <= value.length + 1
  if (measured === value.length || (!isFew && every === 1)) return curve
  const isKept = (k: number) => !Number.isNaN(value[k]!) || (!isFew && step[k]! % every === 0)
  const pick = (values: Float64Array) => values.filter((_, place) => isKept(place))
  return { step: pick(step), tau: pick(curve.tau), seconds: pick(curve.seconds), value: pick(value) }
}

function greatestDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

/** The rows of a curve from one of its steps on. */
export function rowsFrom({ step, tau, seconds, value }: Curve, first: number): Curve {
  const from = placeAtOrBelow(step, first)
  return {
    step: step.subarray(from),
    tau: tau.subarray(from),
    seconds: seconds.subarray(from),
    value: value.subarray(from),
  }
}

/** The sum of two curves over their common steps. */
export function sumCurve(a: Curve, b: Curve): Curve {
  const step = commonSteps([a.step, b.step])
  const [inA, inB] = [placesOf(a.step, step), placesOf(b.step, step)]
  return {
    step,
    tau: step.map((_, k) => a.tau[inA[k]!]!),
    seconds: step.map((_, k) => a.seconds[inA[k]!]!),
    value: step.map((_, k) => a.value[inA[k]!]! + b.value[inB[k]!]!),
  }
}

/** A curve's value at the last row at or before a step. */
export function valueAt({ step, value }: Curve, at: number): number | null {
  const place = placeAtOrBelow(step, at)
  return place < 0 ? null : value[place]!
}

/** What the rows of a curve stand at, whichever of them the horizontal axis shows: columns of a panel's table. */
export function curveColumns({ step, tau, seconds }: Pick<Curve, 'step' | 'tau' | 'seconds'>): Columns {
  return { step, tau, seconds }
}

/** Where on a run's count others branched from it, and how far from there it is shown. */
export interface Around {
  step: number
  /** Rows that lie further from that step than this are left out. */
  reach: number
}

/** A curve of a run that others branched from, on their count of steps, τ and seconds; on a log axis only what came after. */
export function curveAround(whole: Curve, { step, reach }: Around, isLog: boolean): Curve {
  const min = isLog ? 0 : -reach
  const key = `${step} ${min} ${reach}`
  const known = curvesAround.get(whole)
  if (known?.key === key) return known.curve
  const measured = withoutUnmeasured(whole)
  const from = placeAtOrBelow(measured.step, step + min - 0.5) + 1
  const to = placeAtOrBelow(measured.step, step + reach) + 1
  const moved = (on: HorizontalAxis) => {
    const origin = axisOfStep(measured, on, step)
    return valuesOnAxis(measured, on)
      .slice(from, to)
      .map((value) => value - origin)
  }
  const curve = {
    step: moved('step'),
    tau: moved('tau'),
    seconds: moved('computeTime'),
    value: measured.value.slice(from, to),
  }
  curvesAround.set(whole, { key, curve })
  return curve
}

/** A chart is made anew many times a second while a branch is live; its parent stays as it is. */
const curvesAround = new WeakMap<Curve, { key: string; curve: Curve }>()

function intersection(a: Float64Array, b: Float64Array): Float64Array {
  if (a === b) return a
  const both = new Float64Array(Math.min(a.length, b.length))
  let count = 0
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]! < b[j]!) i++
    else if (a[i]! > b[j]!) j++
    else {
      both[count++] = a[i]!
      i++
      j++
    }
  }
  return both.subarray(0, count)
}

/** Where each of the wanted steps, ascending, stands; of those that are not among `steps`, where they would. */
export function placesOf(steps: Float64Array, needed: Float64Array): Int32Array {
  const places = new Int32Array(needed.length)
  for (let k = 0, place = 0; k < needed.length; k++) {
    while (steps[place]! < needed[k]!) place++
    places[k] = place
  }
  return places
}
