import type { Curve } from '../../../shared/run.ts'
import { placeAtOrBelow } from '../../composables/neighbours.ts'

export type HorizontalAxis = 'step' | 'logStep' | 'tau' | 'clock'

/** The mean of curves over the steps that all of them have; `null` for fewer than two curves. */
export function meanCurve(curves: readonly Curve[]): Curve | null {
  if (curves.length < 2) return null
  const common = commonSteps(curves)
  const places = curves.map((curve) => placesOf(curve.step, common))
  const average = (of: 'tau' | 'seconds' | 'value') =>
    common.map((_, k) => curves.reduce((sum, curve, c) => sum + curve[of][places[c]![k]!]!, 0) / curves.length)
  return { step: common, tau: average('tau'), seconds: average('seconds'), value: average('value') }
}

/** The steps present in every curve, ascending. */
export function commonSteps(curves: readonly Curve[]): Float64Array {
  if (curves.length === 0) return new Float64Array(0)
  const [first, ...rest] = curves.map(({ step }) => step)
  const places = rest.map(() => 0)
  return first!.filter((step) =>
    rest.every((steps, c) => {
      while (places[c]! < steps.length && steps[places[c]!]! < step) places[c]!++
      return steps[places[c]!] === step
    }),
  )
}

/** A curve that is measured at fewer than half of the rows, without the rows in between; any other as it is. */
export function withoutUnmeasured(curve: Curve): Curve {
  const measured = Array.from(curve.value, (value, place) => (Number.isNaN(value) ? -1 : place)).filter(
    (place) => place >= 0,
  )
  if (2 * measured.length > curve.value.length) return curve
  const pick = (values: Float64Array) => Float64Array.from(measured, (place) => values[place]!)
  return { step: pick(curve.step), tau: pick(curve.tau), seconds: pick(curve.seconds), value: pick(curve.value) }
}

/** The sum of two curves over their common steps. */
export function sumCurve(a: Curve, b: Curve): Curve {
  const step = commonSteps([a, b])
  const [inA, inB] = [placesOf(a.step, step), placesOf(b.step, step)]
  return {
    step,
    tau: step.map((_, k) => a.tau[inA[k]!]!),
    seconds: step.map((_, k) => a.seconds[inA[k]!]!),
    value: step.map((_, k) => a.value[inA[k]!]! + b.value[inB[k]!]!),
  }
}

/** The first step at which a curve is at or above a level; null where it never is. */
export function firstStepAbove({ step, value }: Curve, level: number): number | null {
  const place = value.findIndex((v) => v >= level)
  return place < 0 ? null : step[place]!
}

/** A curve's value at the last row at or before a step. */
export function valueAt({ step, value }: Curve, at: number): number | null {
  const place = placeAtOrBelow(step, at)
  return place < 0 ? null : value[place]!
}

/** What stands on the horizontal axis for the rows of a curve. */
export function horizontal(curve: Curve, axis: HorizontalAxis): Float64Array {
  return axis === 'tau' ? curve.tau : axis === 'clock' ? curve.seconds : curve.step
}

/** Where a step lies on an axis, and back, by the rows of one curve; linear between them. */
export function axisOfStep(curve: Curve | null, axis: HorizontalAxis, step: number): number {
  if (axis === 'step' || axis === 'logStep' || !curve) return step
  return interpolate(curve.step, horizontal(curve, axis), step)
}

export function stepOfAxis(curve: Curve | null, axis: HorizontalAxis, at: number): number {
  if (axis === 'step' || axis === 'logStep' || !curve) return at
  return interpolate(horizontal(curve, axis), curve.step, at)
}

function interpolate(from: Float64Array, to: Float64Array, at: number): number {
  if (from.length === 0) return at
  const place = placeAtOrBelow(from, at)
  if (place < 0) return to[0]!
  if (place >= from.length - 1) return to[to.length - 1]!
  const span = from[place + 1]! - from[place]!
  const share = span > 0 ? (at - from[place]!) / span : 0
  return to[place]! + share * (to[place + 1]! - to[place]!)
}

function placesOf(steps: Float64Array, wanted: Float64Array): Int32Array {
  const places = new Int32Array(wanted.length)
  let place = 0
  wanted.forEach((step, k) => {
    while (steps[place]! < step) place++
    places[k] = place
  })
  return places
}
