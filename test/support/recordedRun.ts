import { measurementNames } from '../../src/shared/measurements.ts'
import type { RunSpec } from '../../src/shared/experiment.ts'
import type { RecordedRun } from '../../src/shared/papers/figure.ts'
import type { RunEvent } from '../../src/shared/run.ts'
import { eventsOf } from './runs.ts'

/** A run as a figure reads it, from its events. */
export function recordedRun(spec: RunSpec, events: readonly RunEvent[]): RecordedRun {
  const measured = eventsOf(events, 'measured')
  const column = (read: (event: (typeof measured)[number]) => number | undefined) =>
    Float64Array.from(measured, (event) => read(event) ?? NaN)
  const names = measurementNames.filter((name) => measured.some(({ values }) => name in values))
  return {
    runId: 'test',
    spec,
    status: eventsOf(events, 'settled')[0]?.status ?? 'running',
    code: eventsOf(events, 'settled')[0]?.code ?? null,
    curves: {
      step: column(({ step }) => step),
      tau: column(({ tau }) => tau),
      ...Object.fromEntries(names.map((name) => [name, column(({ values }) => values[name])])),
    },
    events: Object.fromEntries(
      eventsOf(events, 'event').map(({ name, step, tau, value }) => [name, { step, tau, value }]),
    ),
    snapshots: eventsOf(events, 'snapshot').map(({ snapshot }) => snapshot),
    train: eventsOf(events, 'started')[0]!.train,
  }
}
