import { axisOfStep } from '../../../shared/curves/horizontalAxis.ts'
import type { Curve, RunSummary } from '../../../shared/run.ts'

/**
 * The clock's value at a step of a run that has come as far as `now`, whose rows may be still on their way: by the rows that
 * are there, and from the last of them evenly up to `now`.
 */
export function clockReading(rows: Curve | null, now: Pick<RunSummary, 'step' | 'tau'>, step: number): number {
  const last = rows?.step.at(-1) ?? 0
  const known = rows?.tau.at(-1) ?? 0
  if (rows && rows.step.length > 0 && step <= last) return axisOfStep(rows, 'tau', step)
  if (now.step <= last) return known
  return known + Math.min(1, (step - last) / (now.step - last)) * (now.tau - known)
}
