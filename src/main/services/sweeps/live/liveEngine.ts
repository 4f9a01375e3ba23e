import type { ErrorRecord } from '../../../../shared/errors.ts'
import type { RunSpec } from '../../../../shared/experiment.ts'
import type { RunEvent } from '../../../../shared/run.ts'

/** A run that is wanted, under the key by which it is called. */
export interface WantedRun {
  key: string
  spec: RunSpec
}

/** What computes the runs of live maps: processes here, or whatever takes many runs at once. */
export interface LiveEngine {
  /**
   * The arithmetic of such runs, as a sweep's folder names it: a GPU, or null for WebAssembly. Throws INVALID_SPECIFICATION, naming the
   * field, for one that it does not compute, and BACKEND_UNAVAILABLE or OUT_OF_MEMORY where it cannot.
   */
  admit(specs: readonly RunSpec[]): Promise<string | null>
  /**
   * From now on these runs are wanted and no others, in this order as far as it can be kept. What is under way and is not among them
   * ends at once, and nothing is told of it.
   */
  compute(wanted: readonly WantedRun[]): void
  /** Ends all of it. */
  close(): Promise<void>
}

export interface LiveEngineListener {
  /** All that a run told, to its end. */
  onEnded(key: string, events: readonly RunEvent[]): void
  /** It could not be computed, for a reason outside of it. */
  onFailed(key: string, error: ErrorRecord): void
}
