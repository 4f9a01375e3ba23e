import type { Axis } from '../panel.ts'
import type { Curve, RunSummary } from '../run.ts'
import { clocksOf, type RunCount } from '../runClock.ts'
import type { StudyClock } from '../studies/study.ts'
import { placeAtOrBelow } from '../neighbors.ts'

export const horizontalAxes = ['step', 'logStep', 'tau', 'logTau', 'computeTime'] as const
export type HorizontalAxis = (typeof horizontalAxes)[number]

/** Those of a single run: its clock has the scale that is its own. */
export type RunAxis = Exclude<HorizontalAxis, 'logTau'>
export const isRunAxis = (axis: HorizontalAxis): axis is RunAxis => axis !== 'logTau'

/** Those that need no clock: places of a study are its steps. */
const clocklessAxes = ['step', 'logStep', 'computeTime'] as const satisfies readonly HorizontalAxis[]

/** Those on which theory is held against training. */
export const clockAxes = ['tau', 'logTau'] as const satisfies readonly HorizontalAxis[]
export const isClockAxis = (axis: HorizontalAxis): axis is (typeof clockAxes)[number] =>
  axis === 'tau' || axis === 'logTau'

/** What stands on an axis, whatever its scale: a column of curves, and how far a run has come in it. */
export type AxisQuantity = 'step' | 'tau' | 'seconds'
export const axisQuantity = {
  step: 'step',
  logStep: 'step',
  tau: 'tau',
  logTau: 'tau',
  computeTime: 'seconds',
} as const satisfies Record<HorizontalAxis, AxisQuantity>

/** Those that some runs can stand on together: not a clock that they do not share, nor one that stands still, as τ does without decay. */
export function offeredAxes(
  runs: readonly Pick<RunSummary, 'step' | 'tau' | 'facets'>[],
): readonly [HorizontalAxis, ...HorizontalAxis[]] {
  const begun = runs.filter(({ step }) => step > 0)
  const standsStill = begun.length > 0 && begun.every(({ tau }) => tau === 0)
  return standsStill || clocksOf(...runs.map(({ facets }) => facets)).length > 1 ? clocklessAxes : horizontalAxes
}

/** As a control offers them. */
export function axisChoices<Offered extends HorizontalAxis>(
  { label, symbol }: StudyClock,
  count: RunCount,
  offered: readonly Offered[],
): { value: Offered; label: string; symbol?: string }[] {
  const labels: Record<HorizontalAxis, { label: string; symbol?: string }> = {
    step: { label: count },
    logStep: { label: `log ${count}` },
    tau: { label, symbol },
    logTau: { label: `log ${symbol}` },
    computeTime: { label: 'seconds' },
  }
  return offered.map((value) => ({ value, ...labels[value] }))
}

/** As it stands under a chart of runs that share a clock. */
export function axisOn(axis: HorizontalAxis, { label, symbol }: StudyClock, count: RunCount = 'step'): Axis {
  switch (axis) {
    case 'step':
      return { label: count, column: 'step', scale: 'linear', min: 0, isCounted: true }
    case 'logStep':
      return { label: `${count}, log`, column: 'step', scale: 'log', isCounted: true }
    case 'tau':
      return { label, column: 'tau', symbol, scale: 'linear', min: 0 }
    case 'logTau':
      return { label: `${label}, log`, column: 'tau', symbol, scale: 'log' }
    case 'computeTime':
      return { label: 'seconds of computing', column: 'seconds', scale: 'linear', min: 0 }
  }
}

/** Before any is chosen: the clock of the runs, on its own scale. */
export function usualAxis({ scale }: StudyClock): HorizontalAxis {
  return scale === 'log' ? 'logTau' : 'tau'
}

export function isLogAxis(axis: HorizontalAxis): boolean {
  return axis === 'logStep' || axis === 'logTau'
}

/** What stands on the axis for the rows of a curve. */
export function valuesOnAxis(curve: Pick<Curve, 'step' | 'tau' | 'seconds'>, axis: HorizontalAxis): Float64Array {
  return curve[axisQuantity[axis]]
}

/** Where a step lies on an axis, and back, by the rows of one curve; linear between them. */
export function axisOfStep(curve: Curve | null, axis: HorizontalAxis, step: number): number {
  return curve && axisQuantity[axis] !== 'step' ? interpolate(curve.step, valuesOnAxis(curve, axis), step) : step
}

/** The same where a chart has rows at all: before them it has no place for a step but on an axis of steps. */
export function placeOfStep(curve: Curve | null, axis: HorizontalAxis, step: number): number | null {
  return curve || axisQuantity[axis] === 'step' ? axisOfStep(curve, axis, step) : null
}

export function stepOfAxis(curve: Curve | null, axis: HorizontalAxis, at: number): number {
  return curve && axisQuantity[axis] !== 'step' ? interpolate(valuesOnAxis(curve, axis), curve.step, at) : at
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
