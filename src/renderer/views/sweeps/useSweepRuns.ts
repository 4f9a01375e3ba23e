import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { SweepDetail } from '../../../shared/contract/sweeps.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { request } from '../../lab.ts'

export interface SweepRuns {
  /** Those of the sweep in their order, then what was added to its cells. */
  all: ComputedRef<readonly RunSummary[]>
  /** The cell of each, by its id. */
  cellOf: ComputedRef<ReadonlyMap<string, number>>
  /** The place of those of the sweep, by their ids. */
  placeOf: ComputedRef<ReadonlyMap<string, number>>
}

/** The runs of a sweep, read on as they begin and end; one question at a time. */
export function useSweepRuns(detail: Ref<SweepDetail | null>): SweepRuns {
  const runs = shallowRef<readonly RunSummary[]>([])
  const added = shallowRef<readonly { cell: number; run: RunSummary }[]>([])
  let of = ''
  let revision = 0
  let isAsking = false

  const nameOf = ({ id, key }: SweepDetail) => `${id} ${key}`

  async function read() {
    if (isAsking || !detail.value?.spec) return
    isAsking = true
    const [name, { id }] = [nameOf(detail.value), detail.value]
    if (name !== of) [of, revision, runs.value, added.value] = [name, 0, [], []]
    const isOther = () => detail.value !== null && nameOf(detail.value) !== name
    try {
      const answer = await request('sweep.runs', { sweep: id, after: revision })
      if (isOther()) return
      if (answer.runs.length > 0) {
        const next = [...runs.value]
        for (const { place, run } of answer.runs) next[place] = run
        runs.value = next
        revision = answer.revision
      }
      if (statesOf(answer.added) !== statesOf(added.value)) added.value = answer.added
    } catch {
      // What is wrong with the folder shows where the sweep itself is read.
    } finally {
      isAsking = false
      if (isOther()) void read()
    }
  }
  watch(detail, read, { immediate: true })

  const seeds = computed(() => detail.value?.seeds ?? 1)
  return {
    all: computed(() => [...runs.value, ...added.value.map(({ run }) => run)]),
    cellOf: computed(
      () =>
        new Map([
          ...runs.value.map(({ id }, place) => [id, Math.floor(place / seeds.value)] as const),
          ...added.value.map(({ cell, run }) => [run.id, cell] as const),
        ]),
    ),
    placeOf: computed(() => new Map(runs.value.map(({ id }, place) => [id, place]))),
  }
}

function statesOf(added: readonly { run: RunSummary }[]): string {
  return added.map(({ run: { id, status } }) => `${id} ${status}`).join()
}
