import { afterSwatch, itemWidth, swatch, type LegendEntry } from '../../shared/charts/legend.ts'
import { screenFace } from './screenText.ts'

/** Pixels from one row of a chart's legend to the next. */
export const legendLine = 15
/** Pixels from the left border of a chart to its legend. */
export const legendInset = 12

/** An entry at its place: where its swatch begins and its words do, and how wide both are. */
export interface PlacedEntry {
  entry: LegendEntry
  x: number
  /** The baseline. */
  y: number
  textX: number
  width: number
}

export function placeLegend(rows: readonly LegendEntry[][]): PlacedEntry[] {
  const beforeText = (swatch + afterSwatch) * screenFace.size
  return rows.flatMap((row, line) => {
    let next = legendInset
    return row.map((entry): PlacedEntry => {
      const x = next
      next += itemWidth(entry.name, screenFace)
      const width = beforeText + screenFace.widthOf(entry.name)
      return { entry, x, y: 13 + legendLine * line, textX: x + beforeText, width }
    })
  })
}
