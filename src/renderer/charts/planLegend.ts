import {
  afterName,
  afterSwatch,
  familiesOf,
  fitEntries,
  itemWidth,
  legendRows,
  swatch,
  type LegendEntry,
} from '../../shared/charts/legend.ts'
import { legendInset } from './legendLine.ts'
import { screenFace } from './screenText.ts'

/** What a chart needs for itself, and how much higher it must be for each row of its legend; a plane loses width too. */
const belowLegend = 90
export const heightPerRow = 40

/** Names in one row are cut to no less, in heights of the text, where several are in it. */
const leastName = 7

/**
 * As many rows as may be taken from the height of the chart; where there are more, the last entry counts the others. Where there is one
 * row, and any name fills it, names share it.
 */
export function planLegend(
  entries: readonly LegendEntry[],
  { width, height }: { width: number; height: number },
  perRow: number = heightPerRow,
): LegendEntry[][] {
  const room = width - 2 * legendInset
  const rowsOf = (list: readonly LegendEntry[]) => legendRows(list, room, screenFace)
  const rest = (listed: number): LegendEntry => ({
    name: `and ${entries.length - listed} more`,
    families: entries.slice(listed).flatMap(familiesOf),
    role: 'context',
  })
  const max = Math.max(1, Math.floor((height - belowLegend) / perRow))
  let shown = entries.length
  let rows = rowsOf(entries)
  while (rows.length > max && shown > 0) {
    shown--
    rows = rowsOf([...entries.slice(0, shown), rest(shown)])
  }
  return shown > 0 || entries.length === 0 ? rows : [shareRow(entries.length - 1)]

  function shareRow(count: number): LegendEntry[] {
    const each = (room + afterName * screenFace.size - itemWidth(rest(count).name, screenFace)) / count
    const least = leastName + swatch + afterSwatch + afterName
    if (count > 1 && each < least * screenFace.size) return shareRow(count - 1)
    return [...fitEntries(entries, each - afterName * screenFace.size, screenFace).slice(0, count), rest(count)]
  }
}
