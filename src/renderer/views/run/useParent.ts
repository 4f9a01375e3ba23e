import { computed, type ComputedRef } from 'vue'
import type { MeasurementName } from '../../../shared/measurements.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { useRunList } from '../../composables/useRunList.ts'
import type { ParentRun } from '../../../shared/curves/curvePanels.ts'
import { useRun } from './useRun.ts'

/** The run that the shown one branched from, and its curves for charts; null where it did not, or while it is not there. */
export function useParent(measurements: () => readonly MeasurementName[]): {
  summary: ComputedRef<RunSummary | null>
  drawn: ComputedRef<ParentRun | null>
} {
  const { summary: run, archive, playhead, readCurves } = useRun()
  const list = useRunList(() => {
    const id = run.value?.parentRunId
    return id ? { runIds: [id], ...(archive.value && { archive: archive.value }) } : null
  })
  const summary = computed(() => list.runs.value.find(({ id }) => id === run.value?.parentRunId) ?? null)
  const { curves } = readCurves({
    runIds: computed(() => (summary.value ? [summary.value.id] : [])),
    measurements: computed(measurements),
    archive,
  })
  const drawn = computed(() => {
    const buffer = summary.value && curves.value.get(summary.value.id)
    if (!summary.value || !buffer) return null
    return { name: summary.value.name, curves: buffer, step: run.value!.parentStep ?? 0, reach: playhead.end.value }
  })
  return { summary, drawn }
}
