import { colorLabels } from '../../shared/charts/colorLabels.ts'
import type { HeatmapMargins } from '../../shared/charts/heatmapLayout.ts'
import type { Tick } from '../../shared/charts/ticks.ts'
import { roomLeftOf } from './axisTicks.ts'
import { screenWidth } from './screenText.ts'

/** Pixels from the cells to the bar of their colors, its width, and from there to its labels. */
export const [beforeBar, barWidth, besideBar] = [12, 8, 5]

/** Margins that also hold the longest name of a row, and the numbers beside the bar of colors where there is one. */
export function fitHeatmapMargins(
  margins: HeatmapMargins,
  rows: readonly Tick[],
  range: readonly [number, number] | null,
): HeatmapMargins {
  const widest = Math.max(0, ...(range ? colorLabels(range) : []).map(({ text }) => screenWidth(text)))
  const bar = range ? beforeBar + barWidth + besideBar + Math.ceil(widest) + besideBar : 0
  return { ...margins, left: Math.max(margins.left, roomLeftOf(rows)), right: Math.max(margins.right, bar) }
}
