import { computed } from 'vue'
import type { RunGroup } from '../../../shared/curves/curvePanels.ts'
import { axisQuantity, placeOfStep, stepOfAxis } from '../../../shared/curves/horizontalAxis.ts'
import { interventionMoments, originMoment } from '../../../shared/curves/moments.ts'
import { useParent } from './useParent.ts'
import { useRun } from './useRun.ts'

/** The run that is looked at, alone, with all of its curves on the axis that is chosen, and its playhead there. */
export function useRunGroup() {
  const { summary, detail, playhead, archive, axis, runId, readCurves } = useRun()
  const measured = computed(() => detail.value?.measured ?? [])
  const { curves } = readCurves({ runIds: computed(() => [runId.value]), measurements: measured, archive })
  const parent = useParent(() => measured.value)
  const anyCurve = computed(() => {
    const buffer = curves.value.get(runId.value)
    return measured.value.map((name) => buffer?.curve(name)).find((curve) => curve !== undefined) ?? null
  })
  const group = computed<RunGroup>(() => ({
    runs: [summary.value!],
    curves: curves.value,
    axis: axis.value,
    shown: 'single',
    end: axisQuantity[axis.value] === 'step' ? playhead.end.value : null,
    moments: [
      ...originMoment(summary.value!, parent.summary.value),
      ...(detail.value?.spec ? interventionMoments(detail.value.spec, axis.value, anyCurve.value) : []),
    ],
    parent: parent.drawn.value,
  }))
  return {
    measured,
    group,
    playheadAt: computed(() => placeOfStep(anyCurve.value, axis.value, playhead.step.value)),
    seek: (at: number) => playhead.go(stepOfAxis(anyCurve.value, axis.value, at)),
  }
}
