import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { RunSummary, ShownRun } from '../../shared/run.ts'
import { generation, on, request } from '../lab.ts'
import { withMeasured } from './withMeasured.ts'

/**
 * All that is kept of some runs besides curves, by id: read once, and again when a run has begun, ended or been extended since. What
 * was read stays until then.
 */
export function useRunDetails(
  runs: () => readonly Pick<RunSummary, 'id' | 'status' | 'steps'>[],
  archive: () => string | undefined,
): ComputedRef<ReadonlyMap<string, ShownRun>> {
  const read = shallowRef<ReadonlyMap<string, ShownRun>>(new Map())
  /** As what a run was asked about last. */
  const requested = new Map<string, string>()
  const keyOf = (runId: string) => `${archive()} ${runId}`
  const wanted = () =>
    runs().map(({ id, status, steps }) => ({
      ...{ runId: id, archive: archive() },
      ...{ key: keyOf(id), as: `${generation.value} ${status} ${steps}` },
    }))

  async function ask() {
    const missing = wanted().filter(({ key, as }) => requested.get(key) !== as)
    if (missing.length === 0) return
    for (const { key, as } of missing) requested.set(key, as)
    const answers = await Promise.allSettled(
      missing.map(({ runId, archive: source }) => request('run.show', { runId, archive: source })),
    )
    const found = new Map(read.value)
    for (const [place, answer] of answers.entries()) {
      const { key, as } = missing[place]!
      if (requested.get(key) !== as) continue
      if (answer.status === 'fulfilled') found.set(key, answer.value)
      else requested.delete(key)
    }
    read.value = found
  }

  watch(() => JSON.stringify(wanted()), ask, { immediate: true })
  onScopeDispose(
    on('run.measured', (rows) => {
      const known = archive() === undefined ? read.value.get(keyOf(rows.runId)) : undefined
      const now = known && withMeasured(known, rows)
      if (now && now !== known) read.value = new Map(read.value).set(keyOf(rows.runId), now)
    }),
  )
  return computed(
    () =>
      new Map(
        runs().flatMap(({ id }) => {
          const found = read.value.get(keyOf(id))
          return found ? [[id, found] as const] : []
        }),
      ),
  )
}
