import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { HostEvents } from '../../shared/contract.ts'
import { on } from '../lab.ts'
import { oncePerFrame } from './oncePerFrame.ts'

export type Progress = HostEvents['run.progress']

/** Charts widen as a run comes further, and are drawn anew with each step told. */
const apart = 100
const latest = new Map<string, Progress>()
const progress: ShallowRef<ReadonlyMap<string, Progress>> = shallowRef(latest)
const publish = oncePerFrame(() => (progress.value = new Map(latest)), apart)
const none: ReadonlyMap<string, Progress> = new Map()
let listening = false

/** How far each live run has come, by run id; a new map at most ten times a second. None is of an archive beside one's own. */
export function useProgress(
  archive: () => string | undefined = () => undefined,
): ComputedRef<ReadonlyMap<string, Progress>> {
  if (!listening) {
    listening = true
    on('run.progress', (told) => {
      latest.set(told.runId, told)
      publish()
    })
    on('run.changed', (runs) => {
      for (const { id, status } of runs) {
        if (status !== 'running' && status !== 'paused' && latest.delete(id)) publish()
      }
    })
  }
  return computed(() => (archive() === undefined ? progress.value : none))
}
