import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { request } from '../../lab.ts'
import { addUpEstimates, type PlanEstimate } from './addUpEstimates.ts'
import type { PlannedExperiment } from './planExperiments.ts'

const patience = 150
/** Of a long sweep so many are asked for, and the rest is taken to cost the same on average. */
const maxEstimated = 24

/** What a plan will cost, asked of the host; the last valid one stays while its draft is wrong, and goes with it. */
export function useEstimates(plan: Ref<readonly PlannedExperiment[]>, slots: Ref<number>, draft: Ref<unknown>) {
  const estimate = shallowRef<PlanEstimate | null>(null)
  let turn = 0
  let timer = 0

  async function ask() {
    const requested = ++turn
    const planned = plan.value.slice(0, maxEstimated)
    try {
      const answers = await Promise.all(planned.map(({ spec }) => request('experiment.estimate', { spec })))
      if (requested !== turn) return
      const total = addUpEstimates(answers, plan.value.length / Math.max(1, planned.length), slots.value)
      if (total) estimate.value = total
    } catch {
      // The host is away; what it said last stays, and the banner tells.
    }
  }

  watch(draft, () => {
    turn++
    estimate.value = null
  })
  watch(
    [plan, draft],
    () => {
      clearTimeout(timer)
      timer = window.setTimeout(ask, patience)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { estimate }
}
