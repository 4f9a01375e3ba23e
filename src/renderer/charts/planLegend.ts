import { legendRows, type LegendEntry } from '../../shared/charts/legend.ts'
import { legendInset } from './legendLine.ts'
import { screenFace } from './screenText.ts'

/** What a chart needs for itself, and how much higher it must be for each row of its legend; a plane loses width too. */
const belowLegend = 90
export const heightPerRow = 40

/** As many rows as may be taken from the height of the chart; where there are more, the last entry counts the others. */
export function planLegend(
  entries: readonly LegendEntry[],
  { width, height }: { width: number; height: number },
  perRow: number = heightPerRow,
): LegendEntry[][] {
  const rowsOf = (list: readonly LegendEntry[]) => legendRows(list, width - 2 * legendInset, screenFace)
  const max = Math.max(1, Math.floor((height - belowLegend) / perRow))
  let shown = entries.length
  let rows = rowsOf(entries)
  while (rows.length > max && shown > 0) {
    shown--
    const left = { name: `and ${entries.length - shown} more`, role: 'context' as const }
    rows = rowsOf([...entries.slice(0, shown), left])
  }
  return rows
}
