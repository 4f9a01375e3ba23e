import type { HostEvents } from '../../shared/contract.ts'
import type { MeasurementName } from '../../shared/measurements.ts'

/** What was read of a run, measuring also what rows that came since bring; the same where they bring nothing new. */
export function withMeasured<Run extends { id: string; measured: MeasurementName[] }>(
  run: Run,
  { runId, values }: HostEvents['run.measured'],
): Run {
  const names = Object.keys(values) as MeasurementName[]
  const brought = runId === run.id ? names.filter((name) => !run.measured.includes(name)) : []
  return brought.length > 0 ? { ...run, measured: [...run.measured, ...brought] } : run
}
