import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { FigureCard } from '../../../shared/contract/papers.ts'
import type { FigureResult } from '../../../shared/papers/figure.ts'
import { paperOf, type FigureId, type PaperId } from '../../../shared/papers/papers.ts'
import { useRested } from '../../composables/useRested.ts'
import { useRunList } from '../../composables/useRunList.ts'
import { onTouched } from '../../composables/useTouched.ts'
import { generation, on, request } from '../../lab.ts'

/** Between two readings of the cards: drawing a figure from its runs is work for the host. */
const restMilliseconds = 1_500

/** The figures of all papers, read anew when their runs change, those of the shown paper first; of one not finished, what can be drawn so far. */
export function usePaper(shown?: () => PaperId) {
  const cards = shallowRef<readonly FigureCard[]>([])
  const ready = shallowRef(false)
  const failure = shallowRef<unknown>(null)
  const partial = shallowRef<ReadonlyMap<FigureId, FigureResult>>(new Map())
  const runIds = computed(() => [...new Set(cards.value.flatMap((card) => card.runIds))])
  const { find } = useRunList(() => (runIds.value.length > 0 ? { runIds: runIds.value } : null))
  const runsOf = computed(
    () => new Map(cards.value.map((card) => [card.id, card.runIds.flatMap((runId) => find(runId) ?? [])])),
  )
  let reading = false
  let again = false
  let isLeft = false

  async function read() {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      cards.value = await request('paper.list', {})
      ready.value = true
      failure.value = null
      await readPartial()
      // What it will cost is measured once all is shown.
      if (!isLeft && cards.value.some(({ estimate }) => estimate?.runs === null)) await readEstimates()
    } catch (error) {
      failure.value = error
    } finally {
      reading = false
      const isRunning = cards.value.some(({ state }) => state === 'running')
      if (again || isRunning) schedule()
      again = false
    }
  }

  async function readEstimates() {
    const measured = new Map((await request('paper.list', { measure: true })).map(({ id, estimate }) => [id, estimate]))
    cards.value = cards.value.map((card) => ({ ...card, estimate: measured.get(card.id) ?? card.estimate }))
  }

  /** What the cards do not bring: axes and set-up of what has not run, curves of what runs, results not yet read. */
  async function readPartial() {
    const next = new Map(partial.value)
    const isShown = ({ id }: FigureCard) => paperOf(id).id === shown?.()
    const inOrder = cards.value.toSorted((a, b) => Number(isShown(b)) - Number(isShown(a)))
    for (const { id, state, result } of inOrder) {
      if (isLeft) return
      // What was read while it had runs is not of one that has none.
      const isKnown = state === 'notRun' && next.get(id)?.runs.every(({ runId }) => runId === null)
      if (result || isKnown) continue
      const shown = await request('paper.show', { figure: id })
      if (state === 'ready')
        cards.value = cards.value.map((card) => (card.id === id ? { ...card, result: shown } : card))
      next.set(id, shown)
      partial.value = new Map(next)
    }
  }

  /** What is told without end, as of runs that another program computes, does not put it off. */
  const rest = useRested(restMilliseconds, () => void read())
  function schedule() {
    if (!isLeft) rest()
  }

  onScopeDispose(on('paper.changed', schedule))
  // Of what another program did nobody says which figures are concerned.
  onTouched((runIds) => runIds === null && schedule())
  onScopeDispose(() => (isLeft = true))
  watch(generation, read, { immediate: true })

  return {
    cards,
    ready,
    failure,
    runsOf: (id: FigureId) => runsOf.value.get(id) ?? [],
    resultOf: (card: FigureCard) => card.result ?? partial.value.get(card.id) ?? null,
    read,
  }
}
