import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { QueuePlace, RunQueue } from '../../../shared/contract/machine.ts'
import { useTouched } from '../../composables/useTouched.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import { printableRun } from '../../../shared/formatting/printableRun.ts'
import { generation, on, request } from '../../lab.ts'

const restMilliseconds = 500
const nothing: RunQueue = { isHeld: false, sweepRuns: 0, slots: 1, running: [], waiting: [], total: 0 }

/** The runs of the host that have not ended, kept up to date, and what may be done to them. */
export function useQueue() {
  const queue = shallowRef(nothing)
  const failure = shallowRef<unknown>(null)
  /** By their ids, in any order. */
  const selected = shallowRef<ReadonlySet<string>>(new Set())
  let turn = 0

  async function read(): Promise<void> {
    const requested = ++turn
    try {
      const answer = await request('queue.show', {})
      if (requested !== turn) return
      const shown = (list: RunQueue['running']) => list.map((each) => ({ ...each, run: printableRun(each.run) }))
      queue.value = { ...answer, running: shown(answer.running), waiting: shown(answer.waiting) }
      failure.value = null
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }
  watch(generation, read, { immediate: true })
  useTouched(restMilliseconds, read)
  for (const event of ['machine.load', 'sweep.changed'] as const) onScopeDispose(on(event, () => void read()))

  const entries = computed(() => [...queue.value.running, ...queue.value.waiting])
  const waitingIds = computed(() => queue.value.waiting.map(({ run }) => run.id))
  /** In the order of the queue; what has ended meanwhile is left out. */
  const chosen = computed(() => entries.value.map(({ run }) => run.id).filter((id) => selected.value.has(id)))

  const act = (change: () => Promise<unknown>) => withFailureToast(async () => void (await change()))

  /** Puts waiting runs at a place; the list shows it at once. */
  function move(runIds: readonly string[], to: QueuePlace): Promise<unknown> {
    const moved = queue.value.waiting.filter(({ run }) => runIds.includes(run.id))
    if (moved.length === 0) return Promise.resolve()
    const others = queue.value.waiting.filter((entry) => !moved.includes(entry))
    const at =
      typeof to === 'object' ? others.findIndex(({ run }) => run.id === to.before) : to === 'first' ? 0 : others.length
    queue.value = { ...queue.value, waiting: others.toSpliced(at, 0, ...moved) }
    turn += 1
    return act(() => request('queue.move', { runIds: moved.map(({ run }) => run.id), to }))
  }

  return {
    queue,
    failure,
    entries,
    selected,
    chosen,
    read,
    move,
    /** One place up (−1) or down (1), past the runs that are not among them. */
    shift(runIds: readonly string[], by: -1 | 1) {
      const places = runIds.map((id) => waitingIds.value.indexOf(id)).filter((place) => place >= 0)
      if (places.length === 0) return Promise.resolve()
      const edge = by < 0 ? Math.min(...places) - 1 : Math.max(...places) + 2
      if (edge < 0 || (by > 0 && edge > waitingIds.value.length)) return Promise.resolve()
      // Behind the last one shown others may wait.
      const isLast = edge === waitingIds.value.length
      if (isLast && queue.value.total > waitingIds.value.length) return Promise.resolve()
      return move(runIds, isLast ? 'last' : { before: waitingIds.value[edge]! })
    },
    runNext: (runIds: readonly string[]) => move(runIds, 'first'),
    cancel: (runIds: readonly string[]) => act(() => request('run.cancel', { runIds: [...runIds] })),
    hold: (hold: boolean) => act(() => request('queue.hold', { hold })),
  }
}
