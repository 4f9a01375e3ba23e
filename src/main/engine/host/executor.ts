import type { ErrorRecord } from '../../../shared/errors.ts'
import type { Preparation } from '../../../shared/preparation.ts'
import type { RunEvent } from '../../../shared/run.ts'
import type { BackendSelection, RunControl, RunJob } from '../messages.ts'

/** Where jobs are computed. The queue knows nothing else of it. */
export interface Executor {
  /** Threads at once. */
  readonly slots: number
  /** Whether a job of this arithmetic can begin now, beside those that are computed. */
  fits(backend: BackendSelection): boolean
  /** Begins a job. Throws where it cannot begin; `listener` is then told nothing. */
  start(job: RunJob, listener: ComputationListener): Computation
  /** Ends what is kept for later jobs; to be called when nothing is computed any more. */
  close(): Promise<void>
}

/** A job that is computed; once it has ended, nothing is done. */
export interface Computation {
  /** Throws where the word cannot be sent. */
  sendControl(word: RunControl): void
  /** Ends it at once, wherever it is; what is still on its way is not told. */
  kill(): void
}

export interface ComputationListener {
  /** What is done before its first event, where that takes a moment. */
  onPreparing?(preparation: Preparation): void
  /** Events in order; the last batch ends with `settled`. */
  onEvents(events: RunEvent[]): void
  /** Nothing was computed, or nothing more will be. */
  onRefused(error: ErrorRecord): void
  /** Once, the last word: its place is free. How its process ended, where it did so before the job had. */
  onEnd(death?: string): void
}
