import type { Axis } from '../../shared/panel.ts'
import type { Curve, RunSummary } from '../../shared/run.ts'
import { clocksOf, type RunCount } from '../../shared/runClock.ts'
import type { StudyClock } from '../../shared/studies/study.ts'
import { axisChoices as axisChoicesOfRun, stepOfAxis } from './groupCurves.ts'

export const horizontalAxes = ['step', 'logStep', 'tau', 'logTau', 'clock'] as const
export type HorizontalAxis = (typeof horizontalAxes)[number]

/** Those that need no clock: places of a study are its steps. */
const clocklessAxes = ['step', 'logStep', 'clock'] as const satisfies readonly HorizontalAxis[]

/** Those on which theory is held against training. */
export const clockAxes = ['tau', 'logTau'] as const satisfies readonly HorizontalAxis[]

/** What stands on an axis, whatever its scale: a column of curves, and how far a run has come in it. */
export type AxisQuantity = 'step' | 'tau' | 'seconds'
export const axisQuantity = {
  step: 'step',
  logStep: 'step',
  tau: 'tau',
  logTau: 'tau',
  clock: 'seconds',
} as const satisfies Record<HorizontalAxis, AxisQuantity>

export interface AxisChoice {
  value: HorizontalAxis
  label: string
  symbol?: string
}

/** Those that some runs can stand on together: not a clock that they do not share, nor one that stands still, as τ does without decay. */
export function offeredAxes(
  runs: readonly Pick<RunSummary, 'step' | 'tau' | 'facets'>[],
): readonly [HorizontalAxis, ...HorizontalAxis[]] {
  const begun = runs.filter(({ step }) => step > 0)
  const standsStill = begun.length > 0 && begun.every(({ tau }) => tau === 0)
  return standsStill || clocksOf(...runs.map(({ facets }) => facets)).length > 1 ? clocklessAxes : horizontalAxes
}

/** As a control offers them: those of one run, and its clock in logarithms. */
export function axisChoices(clock: StudyClock, count: RunCount): AxisChoice[] {
  const ofRun: AxisChoice[] = axisChoicesOfRun(clock, count)
  return ofRun.toSpliced(3, 0, { value: 'logTau', label: `log ${clock.symbol}` })
}

/** As it stands under a chart of runs that share a clock. */
export function axisOn(axis: HorizontalAxis, { label, symbol }: StudyClock, count: RunCount = 'step'): Axis {
  switch (axis) {
    case 'step':
      return { label: count, column: 'step', scale: 'linear', min: 0 }
    case 'logStep':
      return { label: `${count}, log`, column: 'step', scale: 'log' }
    case 'tau':
      return { label, column: 'tau', symbol, scale: 'linear', min: 0 }
    case 'logTau':
      return { label: `${label}, log`, column: 'tau', symbol, scale: 'log' }
    case 'clock':
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

/** The step at a place of an axis, by the rows of one curve; linear between them. */
export function stepOnAxis(curve: Curve, axis: HorizontalAxis, at: number): number {
  if (axis === 'tau' || axis === 'logTau') return stepOfAxis(curve, 'tau', at)
  return axis === 'clock' ? stepOfAxis(curve, 'clock', at) : at
}
