import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { isDeviceKind, type BackendKind } from '../../../shared/machine.ts'
import { generation, request } from '../../lab.ts'
import { addUpEstimates, spreadOut, type PlanEstimate } from './addUpEstimates.ts'
import type { PlannedExperiment } from './planExperiments.ts'

const patience = 150

/**
 * What a plan will cost on the backend that is asked for, by the host; the last valid one stays while its draft is wrong, and goes
 * with it. Beside a backend that is asked for, the steps a second of what the host would choose.
 */
export function useEstimates(
  plan: Ref<readonly PlannedExperiment[]>,
  slots: Ref<number>,
  draft: Ref<unknown>,
  backend: Ref<BackendKind | undefined>,
) {
  const estimate = shallowRef<PlanEstimate | null>(null)
  const chosenStepsPerSecond = shallowRef<number | null>(null)
  let turn = 0
  let timer = 0

  async function ask() {
    const requested = ++turn
    const [all, planned] = [plan.value, spreadOut(plan.value)]
    try {
      const kind = backend.value
      const answers = await Promise.all(
        planned.map(({ spec }) =>
          request('experiment.estimate', { spec, together: runsOf(all), ...(kind && { backend: kind }) }),
        ),
      )
      if (requested !== turn) return
      const total = addUpEstimates(answers, all.length, kind && isDeviceKind(kind) ? 1 : slots.value)
      if (total) estimate.value = total
      const [first] = planned
      const others =
        kind && first ? [await request('experiment.estimate', { spec: first.spec, together: runsOf(all) })] : []
      if (requested !== turn) return
      chosenStepsPerSecond.value = addUpEstimates(others, 1, 1)?.stepsPerSecond ?? null
    } catch {
      // The host is away; what it said last stays, the banner tells, and it is asked again.
    }
  }

  watch([draft, backend], () => {
    turn++
    estimate.value = null
  })
  watch(
    [plan, draft, backend, generation],
    () => {
      clearTimeout(timer)
      timer = window.setTimeout(ask, patience)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { estimate, chosenStepsPerSecond }
}

/** All that start together, so far as the draft says how many. */
function runsOf(plan: readonly PlannedExperiment[]): number {
  return plan.reduce((sum, { spec: { seeds } }) => sum + (Array.isArray(seeds) ? Math.max(1, seeds.length) : 1), 0)
}
