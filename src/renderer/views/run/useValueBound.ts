import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { AnalysisOptions } from '../../../shared/analysis.ts'
import { roundBound } from '../../../shared/charts/symmetricBound.ts'
import { useAnalysis } from '../../composables/useSnapshot.ts'
import type { RunContext } from './useRun.ts'

/** A live run's bounds are read again when it has so many times as many snapshots. */
const growth = 1.25
/** A scale of a live run follows a bound that has changed by more than this share. */
const noticeable = 0.1

type ValueBoundOptions = AnalysisOptions<'valueBound'>

/** What 99 % of a quantity's values lie within over all snapshots of the run; null until that is known. */
export function useValueBound(
  run: Pick<RunContext, 'snapshotSource' | 'summary'>,
  options: () => ValueBoundOptions | null,
): ComputedRef<number | null> {
  const { snapshotSource } = run
  const asOf = shallowRef<number | null>(null)
  let counted = 0
  watch(
    [snapshotSource.runId, snapshotSource.steps, () => isLive(run)] as const,
    ([runId, steps, live], [before]) => {
      if (live && runId === before && steps.length < growth * counted) return
      counted = steps.length
      asOf.value = steps.at(-1) ?? null
    },
    { immediate: true },
  )
  const found = useAnalysis(
    snapshotSource,
    computed(() => (options() ? asOf.value : null)),
    'valueBound',
    () => options() ?? { of: 'E' },
  )
  return useSteadyBound(
    () => found.value.value?.bound ?? null,
    () => isLive(run),
  )
}

/** A bound as a scale has it, which does not follow every small change while it is live. */
export function useSteadyBound(bound: () => number | null, live: () => boolean): ComputedRef<number | null> {
  const kept = shallowRef<number | null>(null)
  watch(
    [bound, live] as const,
    ([now, isLiveNow]) => {
      const next = now === null ? null : roundBound(now)
      const close = next !== null && kept.value !== null && Math.abs(next / kept.value - 1) <= noticeable
      if (!isLiveNow || !close) kept.value = next
    },
    { immediate: true },
  )
  return computed(() => kept.value)
}

export function isLive({ summary }: Pick<RunContext, 'summary'>): boolean {
  return ['queued', 'running', 'paused'].includes(summary.value?.status ?? '')
}
