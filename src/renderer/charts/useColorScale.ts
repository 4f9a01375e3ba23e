import { computed, shallowRef, type ComputedRef } from 'vue'
import { roundBound, symmetricBound } from '../../shared/charts/symmetricBound.ts'
import type { HeatmapPanel } from '../../shared/panel.ts'

/** The range of a heatmap's colors: locked to what its panel says, or fitted by hand until it is locked again. */
export interface ColorScale {
  panel: ComputedRef<HeatmapPanel | null>
  isFitted: ComputedRef<boolean>
  /** To what is shown now; it stays so while the panel changes. */
  fit: () => void
  lock: () => void
}

export function useColorScale(locked: () => HeatmapPanel | null): ColorScale {
  const own = shallowRef<HeatmapPanel['range'] | null>(null)
  return {
    panel: computed(() => {
      const panel = locked()
      return panel && own.value ? { ...panel, range: own.value } : panel
    }),
    isFitted: computed(() => own.value !== null),
    fit() {
      const panel = locked()
      if (panel) own.value = fittedRange(panel)
    },
    lock: () => (own.value = null),
  }
}

/** What 99 % of a panel's values lie within; from 0 where its colors say how much, around 0 where they say which way. */
function fittedRange({ matrix, colors }: Pick<HeatmapPanel, 'matrix' | 'colors'>): HeatmapPanel['range'] {
  const bound = roundBound(symmetricBound(matrix.data))
  return [colors === 'sequential' ? 0 : -bound, bound]
}
