import { shallowRef, type ShallowRef } from 'vue'
import type { HostEvents } from '../../shared/contract.ts'
import { on } from '../lab.ts'
import { oncePerFrame } from './oncePerFrame.ts'

export type Progress = HostEvents['run.progress']

const latest = new Map<string, Progress>()
const progress: ShallowRef<ReadonlyMap<string, Progress>> = shallowRef(latest)
const publish = oncePerFrame(() => (progress.value = new Map(latest)))
let listening = false

/** How far each live run has come, by run id; a new map at most once per frame. */
export function useProgress(): ShallowRef<ReadonlyMap<string, Progress>> {
  if (!listening) {
    listening = true
    on('run.progress', (told) => {
      latest.set(told.runId, told)
      publish()
    })
    on('run.changed', ({ id, status }) => {
      if (status !== 'running' && status !== 'paused' && latest.delete(id)) publish()
    })
  }
  return progress
}
