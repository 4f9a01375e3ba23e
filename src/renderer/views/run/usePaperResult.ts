import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { FigureResult } from '../../../shared/papers/figure.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { useTouched } from '../../composables/useTouched.ts'
import { on, request } from '../../lab.ts'

/** Between two readings of what another program goes on with. */
const restMilliseconds = 1_500

/** The claims of the figure that a run belongs to, where the run is one of those the figure is drawn from. */
export function usePaperResult(run: Readonly<Ref<RunSummary | undefined>>): ShallowRef<FigureResult | null> {
  const result = shallowRef<FigureResult | null>(null)
  let turn = 0

  async function read() {
    const requested = ++turn
    const { id, figure } = run.value ?? { id: '', figure: null }
    if (result.value?.figure !== figure) result.value = null
    if (!figure) return
    try {
      const card = (await request('paper.list', {})).find((candidate) => candidate.id === figure)
      if (requested !== turn) return
      const found = card?.runIds.includes(id) ? (card.result ?? (await request('paper.show', { figure }))) : null
      if (requested === turn) result.value = found
    } catch {
      // Claims are an addition; the run is shown without them.
      if (requested === turn) result.value = null
    }
  }

  onScopeDispose(on('paper.changed', ({ figure }) => figure === run.value?.figure && read()))
  // Of what another program did nobody says which figures are concerned.
  useTouched(restMilliseconds, read, (runIds) => runIds === null)
  watch([() => run.value?.id, () => run.value?.status], read, { immediate: true })
  return result
}
