import { computed, shallowRef } from 'vue'
import type { GeometryAnalysis } from '../../../shared/analysis.ts'
import { isOfNetwork } from '../../../shared/tasks/tasks.ts'
import { tellFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { useRun } from './useRun.ts'

/** The geometry of the snapshot that is shown, computed when it is asked for: runs need not have recorded it. */
export function useExactGeometry() {
  const { summary, clock, archive, runId } = useRun()
  const exact = shallowRef<GeometryAnalysis | null>(null)
  const computing = shallowRef(false)
  const canCompute = computed(() => isOfNetwork(summary.value!.facets) && clock.snapshotStep.value !== null)

  async function compute() {
    computing.value = true
    const step = clock.snapshotStep.value!
    try {
      const input = { runId: runId.value, step, kind: 'geometry' as const, archive: archive.value }
      exact.value = (await request('analysis.compute', input)) as GeometryAnalysis
    } catch (error) {
      tellFailure(error)
    } finally {
      computing.value = false
    }
  }

  return { exact, computing, canCompute, compute }
}
