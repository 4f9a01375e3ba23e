import type { Axis } from '../../../shared/panel.ts'
import type { Curve } from '../../../shared/run.ts'
import { stepOfAxis } from '../run/groupCurves.ts'

export const horizontalAxes = ['step', 'logStep', 'tau', 'logTau', 'clock'] as const
export type HorizontalAxis = (typeof horizontalAxes)[number]

/** What stands on an axis, whatever its scale: a column of curves, and how far a run has come in it. */
export type AxisQuantity = 'step' | 'tau' | 'seconds'
export const axisQuantity = {
  step: 'step',
  logStep: 'step',
  tau: 'tau',
  logTau: 'tau',
  clock: 'seconds',
} as const satisfies Record<HorizontalAxis, AxisQuantity>

/** As a control offers them. */
export const axisChoices = [
  { value: 'step', label: 'step' },
  { value: 'logStep', label: 'log step' },
  { value: 'tau', label: 'decay time', symbol: 'τ' },
  { value: 'logTau', label: 'log τ' },
  { value: 'clock', label: 'clock' },
] as const satisfies readonly { value: HorizontalAxis; label: string; symbol?: string }[]

/** Those on which theory is held against training. */
export const decayTimeChoices = [axisChoices[2], axisChoices[3]] as const

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
  return curve[axisQuantity[axis]]
}

/** The step at a place of an axis, by the rows of one curve; linear between them. */
export function stepOnAxis(curve: Curve, axis: HorizontalAxis, at: number): number {
  if (axis === 'tau' || axis === 'logTau') return stepOfAxis(curve, 'tau', at)
  return axis === 'clock' ? stepOfAxis(curve, 'clock', at) : at
}
