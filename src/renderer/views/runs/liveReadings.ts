import type { HostEvents } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/run.ts'

type Measured = HostEvents['run.measured']
/** What a summary says of the latest measurements. */
export type LiveReading = Partial<
  Pick<
    RunSummary,
    | 'step'
    | 'tau'
    | 'seconds'
    | 'trainLoss'
    | 'testMse'
    | 'trainAccuracy'
    | 'testAccuracy'
    | 'firstLayerNormSquared'
    | 'secondLayerNormSquared'
  >
>

const names = [
  'trainLoss',
  'testMse',
  'trainAccuracy',
  'testAccuracy',
  'firstLayerNormSquared',
  'secondLayerNormSquared',
] as const

/** The last of some rows that were just measured; what was not measured there is left as it was. */
export function readLatest(before: LiveReading | undefined, { step, tau, seconds, values }: Measured): LiveReading {
  const reading: LiveReading = { ...before }
  const last = step.length - 1
  if (last < 0) return reading
  reading.step = step[last]!
  reading.tau = tau[last]!
  reading.seconds = seconds[last]!
  for (const name of names) {
    const value = values[name]?.findLast((each) => !Number.isNaN(each))
    if (value !== undefined) reading[name] = value
  }
  return reading
}

/** The runs with their newest readings, where those are newer than the summaries. */
export function withReadings(
  runs: readonly RunSummary[],
  readings: ReadonlyMap<string, LiveReading>,
): readonly RunSummary[] {
  if (readings.size === 0) return runs
  return runs.map((run) => {
    const reading = readings.get(run.id)
    return reading?.step !== undefined && reading.step > run.step ? { ...run, ...reading } : run
  })
}
