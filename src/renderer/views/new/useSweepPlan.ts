import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { SweepForecast } from '../../../shared/contract/sweeps.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { generation, request } from '../../lab.ts'
import type { SweepDraft } from './axes.ts'

const patience = 150

/** What a sweep would come to, by the host's own plan, and what is wrong with it. One question is asked at a time, and the newest next. */
export function useSweepPlan(sweep: Ref<SweepDraft | null>) {
  const forecast = shallowRef<SweepForecast | null>(null)
  const problems = shallowRef<readonly SpecificationProblem[]>([])
  /** What a person should know of the files that it names. */
  const warnings = shallowRef<readonly string[]>([])
  /** Whether what is told is of the sweep as it is now. */
  const isCurrent = shallowRef(false)
  let isAsking = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask() {
    const spec = sweep.value
    if (isAsking || !spec) return
    isAsking = true
    try {
      const answer = await request('sweep.plan', { spec })
      problems.value = answer.problems
      warnings.value = answer.warnings
      forecast.value = answer.forecast ?? forecast.value
      isCurrent.value = sweep.value === spec
    } catch {
      // The host is away; what it said last stays, and the banner tells.
    } finally {
      isAsking = false
      if (sweep.value !== spec) void ask()
    }
  }

  // What was asked of a host that went away is asked again.
  watch(
    [sweep, generation],
    ([now]) => {
      isCurrent.value = false
      if (!now) [forecast.value, problems.value, warnings.value] = [null, [], []]
      clearTimeout(timer)
      timer = setTimeout(ask, patience)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { forecast, problems, warnings, isCurrent }
}
