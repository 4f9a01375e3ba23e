import type { Remedy } from '../../../shared/machine.ts'
import type { BackendSelection } from './openBackend.ts'
import type { ProblemSizes } from './timeStep.ts'

export interface ProbeRequest extends BackendSelection {
  readonly sizes: ProblemSizes
}

/** What a probe found: the seconds of one step, or why the backend cannot be used and what brings what is missing. */
export interface ProbeReport extends ProbeRequest, Remedy {
  readonly description?: string
  readonly seconds?: number
  readonly failure?: string
}

/** What came of the process that tried a backend: its report, or how it ended without one; and the end of what it wrote. */
export type ProbeOutcome =
  | { report: ProbeReport; lastWords: string }
  | { ended: { code: number | null; signal: string | null; lastWords: string } }
  | { timedOut: true }

/** Tries a backend in a process of its own, for at most `timeout` milliseconds. */
export type RunProbe = (request: ProbeRequest, timeout: number) => Promise<ProbeOutcome>
