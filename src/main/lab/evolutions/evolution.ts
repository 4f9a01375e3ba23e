import type { IntegrationReport, Measurements } from '../../../shared/run.ts'
import type { Matrix } from '../backend/backend.ts'

/** A network in motion: what `runExperiment` advances, measures and saves, whatever the dynamics. */
export interface Evolution {
  /**
   * Readies everything at the current state, at its position on the clock. Called at the start, after a restored state, and
   * after an intervention.
   */
  begin(position: number): void | Promise<void>
  /**
   * Moves on from a position on the clock, in steps, by at most one internal step (on a device by as many as it is given at
   * once), and not past `limit`, at which something is recorded; the new position. What it computes ahead does not pass
   * `barrier`, at which the state is changed.
   */
  advance(position: number, limit: number, barrier: number): number | Promise<number>
  /** Brings θ and the further matrices up to date, where the state lives on a device. */
  collect?(): void | Promise<void>
  /** The dynamics' own measurements at the current state, cheap enough for every measured step. */
  measure(): Measurements
  /** ‖·‖ of the data's part of the motion at the current state, in units of that dynamics; NaN where there is none. */
  pull(): number
  /** Measurements too costly for that; taken where a snapshot is. */
  inspect(): Measurements
  /** Local error of the step just taken, a share of ‖state‖; NaN where the step adapts or there is none. */
  localError(): number
  /** Further state than θ that a resumed run needs; of what is both, this is restored last. */
  extraMatrices(): Record<string, Matrix>
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
  report(): IntegrationReport | undefined
  /** Releases what the evolution holds on a device. Called once, when the run is over. */
  end?(): void
}
