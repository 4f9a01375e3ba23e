import { shallowRef, watch } from 'vue'
import type { RoundForecast } from '../../../shared/contract/sweeps.ts'

/** What a round would add, planned each time that it is asked for; `problem` says why that is not known. */
export function useRoundForecast(isAsked: () => boolean, plan: () => Promise<RoundForecast>) {
  const forecast = shallowRef<RoundForecast | null>(null)
  const problem = shallowRef('')
  let turn = 0

  watch(isAsked, async (now) => {
    const requested = ++turn
    forecast.value = null
    problem.value = ''
    if (!now) return
    const [found, reason] = await plan().then(
      (planned) => [planned, ''] as const,
      (error: unknown) => [null, error instanceof Error ? error.message : String(error)] as const,
    )
    if (requested === turn) [forecast.value, problem.value] = [found, reason]
  })
  return { forecast, problem }
}
