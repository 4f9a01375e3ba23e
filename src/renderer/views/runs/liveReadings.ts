import type { HostEvents } from '../../../shared/contract.ts'
import { summarizedNames } from '../../../shared/measurements.ts'
import type { RunSummary } from '../../../shared/run.ts'

type Measured = HostEvents['run.measured']
/** What a summary says of the latest measurements. */
export type LiveReading = Pick<RunSummary, 'step' | 'tau' | 'seconds' | 'latest'>

/** The last of some rows that were just measured; what was not measured there is left as it was. */
export function readLatest(before: LiveReading | undefined, { step, tau, seconds, values }: Measured): LiveReading {
  const last = step.length - 1
  const latest = { ...before?.latest }
  if (last < 0) return before ?? { step: -1, tau: 0, seconds: 0, latest }
  for (const name of summarizedNames) {
    const value = values[name]?.findLast((each) => !Number.isNaN(each))
    if (value !== undefined) latest[name] = value
  }
  return { step: step[last]!, tau: tau[last]!, seconds: seconds[last]!, latest }
}

/** The run with its newest reading, where that is newer than its summary. */
export function withReading(run: RunSummary, reading: LiveReading | undefined): RunSummary {
  if (!reading || reading.step <= run.step) return run
  return { ...run, ...reading, latest: { ...run.latest, ...reading.latest } }
}
