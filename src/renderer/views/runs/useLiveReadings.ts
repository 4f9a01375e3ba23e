import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { oncePerFrame } from '../../composables/oncePerFrame.ts'
import { on } from '../../lab.ts'
import { readLatest, type LiveReading } from './liveReadings.ts'

/** The newest measurements of the live runs that are watched, while the table is on the page. */
export function useLiveReadings(): ShallowRef<ReadonlyMap<string, LiveReading>> {
  const readings = shallowRef<ReadonlyMap<string, LiveReading>>(new Map())
  const latest = new Map<string, LiveReading>()
  const publish = oncePerFrame(() => (readings.value = new Map(latest)))
  onScopeDispose(
    on('run.measured', (rows) => {
      latest.set(rows.runId, readLatest(latest.get(rows.runId), rows))
      publish()
    }),
  )
  onScopeDispose(
    on('run.changed', (runs) => {
      for (const { id, status } of runs) {
        if (status !== 'running' && status !== 'paused' && latest.delete(id)) publish()
      }
    }),
  )
  return readings
}
