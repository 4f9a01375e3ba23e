import type { Axis } from '../../../shared/panel.ts'
import type { Curve } from '../../../shared/run.ts'
import { axisOfStep, stepOfAxis } from '../run/groupCurves.ts'

export const horizontalAxes = ['step', 'logStep', 'tau', 'logTau', 'clock'] as const
export type HorizontalAxis = (typeof horizontalAxes)[number]

/** As a control offers them. */
export const axisChoices = [
  { value: 'step', label: 'step' },
  { value: 'logStep', label: 'log step' },
  { value: 'tau', label: 'decay time', symbol: 'τ' },
  { value: 'logTau', label: 'log τ' },
  { value: 'clock', label: 'clock' },
] as const satisfies readonly { value: HorizontalAxis; label: string; symbol?: string }[]

export const axisWords: Record<HorizontalAxis, Axis> = {
  step: { label: 'step', scale: 'linear', least: 0 },
  logStep: { label: 'step, log', column: 'step', scale: 'log' },
  tau: { label: 'decay time', column: 'tau', symbol: 'τ', scale: 'linear', least: 0 },
  logTau: { label: 'decay time, log', column: 'tau', symbol: 'τ', scale: 'log' },
  clock: { label: 'seconds of computing', column: 'seconds', scale: 'linear', least: 0 },
}

export function isLogAxis(axis: HorizontalAxis): boolean {
  return axisWords[axis].scale === 'log'
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
