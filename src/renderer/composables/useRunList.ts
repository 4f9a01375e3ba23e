import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { maxWatched } from '../../shared/contract/inputs.ts'
import type { RunSummary } from '../../shared/run.ts'
import { printableRun } from '../../shared/formatting/printableRun.ts'
import { generation, on, request } from '../lab.ts'
import { readRuns, type RunQuestion } from '../../shared/curves/readRuns.ts'
import { useTouched } from './useTouched.ts'
import { useWatched } from './useWatched.ts'

export interface RunList {
  runs: ComputedRef<readonly RunSummary[]>
  /** How many there are of which `runs` are the first. */
  total: ShallowRef<number>
  /** Whether what is there answers the question as it stands now. */
  ready: ComputedRef<boolean>
  failure: ShallowRef<unknown>
  find: (runId: string) => RunSummary | undefined
}

/** Between two readings, where runs are touched without end. */
const restMilliseconds = 500

/**
 * The runs that a question is about, kept up to date while they are shown; what was there stays until the next answer, unless that is of
 * another archive, and nothing is asked while there is no question. Runs named by their ids change by what is told of them; of others
 * some may come and go with every run that is touched, so that they are read anew.
 */
export function useRunList(question: () => RunQuestion | null): RunList {
  const list = shallowRef<ReadonlyMap<string, RunSummary>>(new Map())
  const total = shallowRef(0)
  const failure = shallowRef<unknown>(null)
  const asking = computed(() => JSON.stringify(question()))
  const answered = shallowRef('')
  const runs = computed(() => [...list.value.values()])
  let turn = 0

  async function read() {
    const requested = ++turn
    const asks = asking.value
    const current = question()
    try {
      const answer = current ? await readRuns(current, request) : { runs: [], total: 0 }
      if (requested !== turn) return
      list.value = new Map(answer.runs.map((run) => [run.id, newer(list.value.get(run.id), run)]))
      total.value = answer.total
      answered.value = asks
      failure.value = null
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }

  /** Runs that are named and known change by what is told of them. */
  function isConcerned(touched: readonly string[] | null): boolean {
    const { runIds } = question() ?? {}
    if (!isLive()) return false
    if (!runIds || !touched || runIds.length > maxWatched) return true
    return touched.some((id) => runIds.includes(id) && !list.value.has(id))
  }

  const isLive = () => question() !== null && question()?.archive === undefined
  const ends = [
    on('run.changed', (changed) => {
      const known = changed.filter(({ id }) => list.value.has(id))
      if (!isLive() || known.length === 0) return
      const next = new Map(list.value)
      for (const run of known) next.set(run.id, printableRun(run))
      list.value = next
    }),
    on('run.removed', ({ runIds }) => {
      if (!isLive() || !runIds.some((id) => list.value.has(id))) return
      const removed = new Set(runIds)
      list.value = new Map([...list.value].filter(([id]) => !removed.has(id)))
    }),
  ]
  // After what was removed is gone here: an answer on its way may have it still.
  useTouched(restMilliseconds, read, isConcerned)
  onScopeDispose(() => {
    turn++
    ends.forEach((end) => end())
  })
  useWatched(() => (isLive() ? (question()?.runIds ?? [...list.value.keys()]) : []))
  // Runs of one archive are not those of another, even for a moment.
  watch(
    () => question()?.archive,
    () => {
      turn++
      list.value = new Map()
      total.value = 0
      failure.value = null
    },
    { flush: 'sync' },
  )
  watch([asking, generation], read, { immediate: true })

  return {
    runs,
    total,
    ready: computed(() => answered.value === asking.value),
    failure,
    find: (runId) => list.value.get(runId),
  }
}

/** What events told while the answer was on its way is newer than the answer. */
function newer(known: RunSummary | undefined, listed: RunSummary): RunSummary {
  return known !== undefined && known.sequence > listed.sequence ? known : listed
}
