import { shallowRef, watch } from 'vue'
import { request } from '../lab.ts'

/** Of the runs that were asked about, whether a newer version made them; that never changes. */
const known = shallowRef<ReadonlyMap<string, boolean>>(new Map())

/**
 * Whether a newer version made a run, among those that are shown. Until it is known it counts as one of this version: the
 * host has the last word.
 */
export function useNewerRuns(shown: () => readonly string[]): (runId: string) => boolean {
  watch(() => shown().join(), ask, { immediate: true })
  async function ask() {
    const runIds = shown().filter((id) => !known.value.has(id))
    if (runIds.length === 0) return
    const { runIds: newer } = await request('run.newer', { runIds }).catch(() => ({ runIds: null }))
    if (!newer) return
    const isNewer = new Set(newer)
    known.value = new Map([...known.value, ...runIds.map((id) => [id, isNewer.has(id)] as const)])
  }
  return (runId) => known.value.get(runId) === true
}
