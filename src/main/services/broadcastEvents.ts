import type { HostEventName, HostEvents } from '../../shared/contract.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import type { RunEvent, Snapshot, SnapshotDescription } from '../../shared/run.ts'

export type Broadcast = <Name extends HostEventName>(name: Name, data: HostEvents[Name]) => void

/** Tells everyone what a batch of stored events brought; at last `changed`, for runs whose summary is another now. */
export function broadcastEvents(
  events: readonly RunEvent[],
  broadcast: Broadcast,
  changed: (runId: string) => void,
): void {
  const changedRuns = new Set<string>()
  broadcastMeasured(events, broadcast)
  for (const event of events) {
    const { runId } = event
    switch (event.type) {
      case 'progress': {
        const { step, steps, tau, stepsPerSecond, secondsLeft } = event
        broadcast('run.progress', { runId, step, steps, tau, stepsPerSecond, secondsLeft })
        break
      }
      case 'snapshot':
        broadcast('run.snapshotSaved', { runId, snapshot: describe(event.snapshot) })
        break
      case 'event':
        broadcast('run.event', { runId, name: event.name, step: event.step, tau: event.tau, value: event.value })
        changedRuns.add(runId)
        break
      case 'started':
      case 'settled':
        changedRuns.add(runId)
        break
    }
  }
  changedRuns.forEach(changed)
}

/** Gathers the measured rows of a batch into columns, one message for each run. */
function broadcastMeasured(events: readonly RunEvent[], broadcast: Broadcast): void {
  const rows = events.filter((event) => event.type === 'measured')
  for (const [runId, own] of Map.groupBy(rows, (row) => row.runId)) {
    const names = [...new Set(own.flatMap(({ values }) => Object.keys(values) as MeasurementName[]))]
    broadcast('run.measured', {
      runId,
      step: Float64Array.from(own, ({ step }) => step),
      tau: Float64Array.from(own, ({ tau }) => tau),
      seconds: Float64Array.from(own, ({ seconds }) => seconds),
      values: Object.fromEntries(
        names.map((name) => [name, Float64Array.from(own, ({ values }) => values[name] ?? NaN)]),
      ),
    })
  }
}

function describe({ step, tau, reason, matrices }: Snapshot): SnapshotDescription {
  const described = Object.entries(matrices).map(([name, { rows, columns, data }]) => {
    const precision = data instanceof Float64Array ? ('float64' as const) : ('float32' as const)
    return { name, rows, columns, precision }
  })
  return { step, tau, reason, matrices: described }
}
