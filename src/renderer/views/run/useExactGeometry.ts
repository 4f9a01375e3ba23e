import { computed, shallowReactive } from 'vue'
import type { GeometryAnalysis } from '../../../shared/analysis.ts'
import { isOfNetwork } from '../../../shared/tasks/tasks.ts'
import { compute, isCancelled, resultOf, useComputation } from '../../composables/useComputation.ts'
import { showFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { useRun } from './useRun.ts'

/** The step that was asked for last, of each run. */
const requested = shallowReactive(new Map<string, number>())

/** The geometry of a snapshot, computed when it is asked for: runs need not have recorded it. */
export function useExactGeometry() {
  const { summary, playhead, archive, runId } = useRun()
  const run = () => `${runId.value} ${archive.value}`
  const keyOf = (step: number) => `geometry ${run()} ${step}`
  const canCompute = computed(() => isOfNetwork(summary.value!.facets) && playhead.snapshotStep.value !== null)
  const askedKey = computed(() => {
    const step = requested.get(run())
    return step === undefined ? null : keyOf(step)
  })
  const exact = computed(() => (askedKey.value === null ? null : resultOf<GeometryAnalysis>(askedKey.value)))
  const { progress, cancel } = useComputation(() => (askedKey.value === null ? [] : [askedKey.value]))

  async function start() {
    const step = playhead.snapshotStep.value!
    const input = { runId: runId.value, step, kind: 'geometry' as const, archive: archive.value }
    requested.set(run(), step)
    try {
      await compute(keyOf(step), ({ name }) => request('analysis.compute', { ...input, computation: name }))
    } catch (error) {
      if (!isCancelled(error)) showFailure(error)
    }
  }

  return { exact, progress, canCompute, start, cancel }
}
