import { shallowRef, watch, type ShallowRef } from 'vue'
import type { ShownRun } from '../../shared/run.ts'
import { request } from '../lab.ts'

/** All that is kept of some runs besides curves, by id; each is read once, since a specification never changes. */
export function useRunDetails(
  runIds: () => readonly string[],
  archive: () => string | undefined,
): ShallowRef<ReadonlyMap<string, ShownRun>> {
  const details = shallowRef<ReadonlyMap<string, ShownRun>>(new Map())
  const requested = new Set<string>()
  watch(
    () => [archive(), ...runIds()].join(),
    async () => {
      const missing = runIds().filter((id) => !requested.has(id))
      missing.forEach((id) => requested.add(id))
      const answers = await Promise.allSettled(
        missing.map((runId) => request('run.show', { runId, archive: archive() })),
      )
      const found = new Map(details.value)
      answers.forEach((answer, place) => {
        if (answer.status === 'fulfilled') found.set(missing[place]!, answer.value)
        else requested.delete(missing[place]!)
      })
      details.value = found
    },
    { immediate: true },
  )
  return details
}
