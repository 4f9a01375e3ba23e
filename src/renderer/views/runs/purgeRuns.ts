import { shallowRef } from 'vue'
import { showToast } from '../../composables/useToasts.ts'
import { on, request, watched } from '../../lab.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import { countRuns } from '../../formatting/countRuns.ts'

/** Runs that are about to be purged, or just were: out of sight in the bin. */
export const leaving = shallowRef<ReadonlySet<string>>(new Set())

/**
 * Removes runs for good once it can no longer be undone. Until then the host knows nothing of it: where the page is
 * closed before, they are in the bin.
 */
export function purgeRuns(ids: readonly string[]): void {
  leaving.value = new Set([...leaving.value, ...ids])
  watched.send()
  showToast(`${countRuns(ids.length)} purged`, { label: 'Undo', run: () => stay(ids), lapse: () => void purge(ids) })
}

/** A run that was restored or otherwise changed meanwhile, here or in another window, is not purged any more. */
watched.add(() => [...leaving.value])
on('run.changed', (changed) => stay(changed.map(({ id }) => id)))

async function purge(ids: readonly string[]) {
  const runIds = ids.filter((id) => leaving.value.has(id))
  if (runIds.length === 0) return
  await withFailureToast(() => request('run.purge', { runIds }))
  // Those that are gone are in no answer from now on; where the host refuses, they are shown again.
  stay(runIds)
}

function stay(ids: readonly string[]) {
  if (!ids.some((id) => leaving.value.has(id))) return
  const staying = new Set(ids)
  leaving.value = new Set([...leaving.value].filter((id) => !staying.has(id)))
}
