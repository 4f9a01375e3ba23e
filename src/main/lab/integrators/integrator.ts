import type { IntegrationReport } from '../../../shared/run.ts'

/**
 * Moves a vector field's state in time. Between steps the field is always evaluated at the current state, so that
 * whatever an evaluation leaves behind (a second layer, an objective) belongs to that state.
 */
export interface Integrator {
  /** Evaluates the field at the current state: once at the start, and after the state was replaced from outside. */
  begin(): void
  /** Takes one step of at most `remaining` decay time (an end reached exactly) and returns how far it went. */
  step(remaining: number): number
  /** Brings the state to where the steps taken end, where a device is ahead of them. */
  collect?(): void
  /** Error of the step just taken, as a share of ‖state‖; NaN before the first. */
  localError(): number
  /** Length of the step an adaptive integrator proposes next; of every step where it is fixed. */
  stepSize(): number
  report(): IntegrationReport
  /** What a resumed integration needs besides the state, to go on with the same bits. */
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}
