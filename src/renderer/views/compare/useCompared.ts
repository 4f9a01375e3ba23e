import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import type { RunSummary } from '../../../shared/run.ts'
import { useRuns } from '../../composables/useRuns.ts'

export interface Compared {
  archive: ComputedRef<string | undefined>
  /** The runs the address names and the archive has, in the address's order. */
  runs: ComputedRef<readonly RunSummary[]>
  /** How many runs the address names that are not there. */
  missing: ComputedRef<number>
  ready: ComputedRef<boolean>
  all: ComputedRef<readonly RunSummary[]>
  choose: (runIds: readonly string[]) => void
  /** Changes other parts of the address. */
  set: (query: LocationQueryRaw) => void
}

/** Which runs are compared: the address's `runs`, ids with commas between them, in the archive it names. */
export function useCompared(): Compared {
  const route = useRoute()
  const router = useRouter()
  const archive = computed(() => textOf(route.query.archive))
  const store = computed(() => useRuns(archive.value))
  const ids = computed(() => [...new Set((textOf(route.query.runs) ?? '').split(',').filter(Boolean))])
  const runs = computed(() => ids.value.flatMap((id) => store.value.find(id) ?? []))
  const set = (query: LocationQueryRaw) => void router.replace({ query: { ...route.query, ...query } })
  return {
    archive,
    runs,
    missing: computed(() => ids.value.length - runs.value.length),
    ready: computed(() => store.value.ready.value),
    all: computed(() => store.value.runs.value),
    choose: (runIds) => set({ runs: runIds.length > 0 ? runIds.join(',') : undefined }),
    set,
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
