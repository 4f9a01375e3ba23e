import type { Axis } from '../../../shared/panel.ts'
import type { Curve } from '../../../shared/run.ts'
import { decayClock } from '../../../shared/runClock.ts'
import type { StudyClock } from '../../../shared/studies/study.ts'
import { useKept } from '../../composables/useKept.ts'
import { axisOfStep, stepOfAxis } from '../run/groupCurves.ts'

export const horizontalAxes = ['step', 'logStep', 'tau', 'logTau', 'clock'] as const
export type HorizontalAxis = (typeof horizontalAxes)[number]

/** As a control offers them. */
export function axisChoices({
  label,
  symbol,
}: StudyClock): { value: HorizontalAxis; label: string; symbol?: string }[] {
  return [
    { value: 'step', label: 'step' },
    { value: 'logStep', label: 'log step' },
    { value: 'tau', label, symbol },
    { value: 'logTau', label: `log ${symbol}` },
    { value: 'clock', label: 'clock' },
  ]
}

/** As it stands under a chart of runs that share a clock. */
export function axisOn(axis: HorizontalAxis, { label, symbol }: StudyClock): Axis {
  switch (axis) {
    case 'step':
      return { label: 'step', scale: 'linear', least: 0 }
    case 'logStep':
      return { label: 'step, log', column: 'step', scale: 'log' }
    case 'tau':
      return { label, column: 'tau', symbol, scale: 'linear', least: 0 }
    case 'logTau':
      return { label: `${label}, log`, column: 'tau', symbol, scale: 'log' }
    case 'clock':
      return { label: 'seconds of computing', column: 'seconds', scale: 'linear', least: 0 }
  }
}

/** The axis that was chosen last for runs of such a clock; at first the clock itself, on its own scale. */
export function useClockAxis(key: string, { label, scale }: StudyClock) {
  const usual: HorizontalAxis = scale === 'log' ? 'logTau' : 'tau'
  const isAxis = (kept: unknown) => horizontalAxes.some((axis) => axis === kept)
  return useKept<HorizontalAxis>(label === decayClock.label ? key : `${key}.${label}`, usual, isAxis)
}

export function isLogAxis(axis: HorizontalAxis): boolean {
  return axis === 'logStep' || axis === 'logTau'
}

/** What stands on the axis for the rows of a curve. */
export function valuesOnAxis(curve: Pick<Curve, 'step' | 'tau' | 'seconds'>, axis: HorizontalAxis): Float64Array {
  return curve[columns[axis]]
}

/** Where a decay time lies on an axis by the rows of one curve, and back; linear between rows. */
export function axisOfTau(curve: Curve | null, axis: HorizontalAxis, tau: number): number | null {
  if (axis === 'tau' || axis === 'logTau') return tau
  if (!curve) return null
  const step = stepOfAxis(curve, 'tau', tau)
  return axis === 'clock' ? axisOfStep(curve, 'clock', step) : step
}

export function tauOfAxis(curve: Curve | null, axis: HorizontalAxis, at: number): number | null {
  if (axis === 'tau' || axis === 'logTau') return at
  return curve ? axisOfStep(curve, 'tau', stepOnAxis(curve, axis, at)) : null
}

/** The step at a place of an axis. */
export function stepOnAxis(curve: Curve, axis: HorizontalAxis, at: number): number {
  if (axis === 'tau' || axis === 'logTau') return stepOfAxis(curve, 'tau', at)
  return axis === 'clock' ? stepOfAxis(curve, 'clock', at) : at
}

const columns = { step: 'step', logStep: 'step', tau: 'tau', logTau: 'tau', clock: 'seconds' } as const
