import { readFileSync } from 'node:fs'
import type { Backend } from '../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { runExperiment, type RunOptions } from '../../src/main/lab/runExperiment.ts'
import { precisionOf, toRunSpec, type ExperimentInput, type RunSpec } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { RunEvent, Snapshot } from '../../src/shared/run.ts'
import type { MatrixData } from '../../src/shared/matrix.ts'

/** The specification of one run, defaults filled in. */
export function runSpec<Input extends ExperimentInput>(input: Input, seed = 0) {
  return toRunSpec(parseExperiment(input), seed)
}

/** A run to its end, on the plain backend unless another is given: all its events. */
export async function collectRun(
  spec: RunSpec,
  options: Partial<RunOptions> & { backend?: Backend } = {},
): Promise<RunEvent[]> {
  const events: RunEvent[] = []
  const run = runExperiment(spec, { runId: 'test', backend: plainBackend(precisionOf(spec)), ...options })
  for await (const event of run) events.push(event)
  return events
}

export function eventsOf<Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type) {
  return events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type)
}

export function snapshotAt(events: readonly RunEvent[], step: number): Snapshot {
  const found = eventsOf(events, 'snapshot').find(({ snapshot }) => snapshot.step === step)
  if (!found) throw new RangeError(`no snapshot at step ${step}`)
  return found.snapshot
}

/** A reference file of test/support/reference. */
export function readReference(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`reference/${name}.json`, import.meta.url), 'utf8'))
}

export function toMatrix(rows: readonly (readonly number[])[]): MatrixData {
  return { rows: rows.length, columns: rows[0]!.length, data: Float64Array.from(rows.flat()) }
}

export function largestDifference(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new RangeError(`${x.length} and ${y.length} entries`)
  return Array.from(x).reduce((max, value, i) => Math.max(max, Math.abs(value - y[i]!)), 0)
}
