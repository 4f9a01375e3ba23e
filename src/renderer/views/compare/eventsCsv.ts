import { csvText } from '../../../shared/quoteCsv.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { eventColumns } from './eventRows.ts'

/** One line for each run: its name, and every event in steps and in decay time; empty where it was not reached. */
export function eventsCsv(runs: readonly RunSummary[]): Uint8Array {
  const head = ['id', 'run', 'status', ...eventColumns.flatMap(({ label }) => [`${label}, step`, `${label}, tau`])]
  const lines = runs.map((run) => [
    run.id,
    run.name,
    run.status,
    ...eventColumns.flatMap(({ step, tau }) => [step(run) ?? '', tau(run) ?? '']),
  ])
  return new TextEncoder().encode(csvText([head, ...lines]))
}
