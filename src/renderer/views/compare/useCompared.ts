import { computed, type ComputedRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { RunSummary } from '../../../shared/run.ts'
import { useRunList } from '../../composables/useRunList.ts'
import { showToast } from '../../composables/useToasts.ts'
import { addressText } from '../../formatting/addressText.ts'
import { restoreAtFormerPlace } from './restoreAtFormerPlace.ts'

export interface Compared {
  archive: ComputedRef<string | undefined>
  /** The runs the address names and the archive has, in the address's order. */
  runs: ComputedRef<readonly RunSummary[]>
  /** How many runs the address names that are not there. */
  missing: ComputedRef<number>
  ready: ComputedRef<boolean>
  /** Why they could not be read; null where they were. */
  failure: Readonly<Ref<unknown>>
  /** What the address names, whether it is there or not. */
  named: ComputedRef<ReadonlySet<string>>
  /** Other runs, at an address of their own: the way back leads to those before. */
  choose: (runIds: readonly string[]) => void
  /** Takes runs in or out where the address stands. */
  toggle: (runIds: readonly string[], into: boolean) => void
  /** Takes one out, and offers to take it back. */
  takeOut: (runId: string, label: string) => void
}

/** Which runs are compared: the address's `runs`, ids with commas between them, in the archive it names. */
export function useCompared(): Compared {
  const route = useRoute()
  const router = useRouter()
  const archive = computed(() => addressText(route.query.archive))
  const named = computed(() => new Set((addressText(route.query.runs) ?? '').split(',').filter(Boolean)))
  const list = useRunList(() =>
    named.value.size > 0 ? { runIds: [...named.value], ...(archive.value && { archive: archive.value }) } : null,
  )
  const runs = computed(() => [...named.value].flatMap((id) => list.find(id) ?? []))
  /** Those that are known not to be there are left out of the next address. */
  const runIds = () => [...named.value].filter((id) => !list.ready.value || list.find(id))
  const addressOf = (chosen: readonly string[]) => ({
    name: 'compare',
    query: { ...route.query, runs: chosen.length > 0 ? chosen.join(',') : undefined },
  })
  const choose = (chosen: readonly string[]) => void router.push(addressOf(chosen))

  function takeOut(id: string, label: string) {
    const before = runIds()
    const address = addressOf(before)
    // What else was changed in between stays; from another view it is the comparison as it was.
    const undo = () =>
      route.name === 'compare' ? choose(restoreAtFormerPlace(id, before, runIds())) : router.push(address)
    choose(before.filter((other) => other !== id))
    showToast(`${label} is out of the comparison.`, { label: 'Undo', run: undo })
  }

  function toggle(changed: readonly string[], into: boolean) {
    const rest = runIds().filter((id) => !changed.includes(id))
    void router.replace(addressOf(into ? [...rest, ...changed] : rest))
  }

  return {
    archive,
    runs,
    missing: computed(() => named.value.size - runs.value.length),
    ready: list.ready,
    failure: list.failure,
    named,
    choose,
    toggle,
    takeOut,
  }
}
