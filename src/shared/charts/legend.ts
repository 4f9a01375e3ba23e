import type { Series } from '../panel.ts'
import { fitText, textWidth } from './textWidth.ts'

/** What a legend says of a line, or of a family of lines that look alike. */
export type LegendEntry = Pick<Series, 'name' | 'role' | 'color'>

/** In heights of the text: a swatch, the room after it and after a name. */
export const [swatch, afterSwatch, afterName] = [1.4, 0.4, 1.2]

/** What the series of a chart are called, each family once; nothing of one that is alone, which the title names. */
export function legendEntries(series: readonly Series[]): LegendEntry[] {
  if (series.length < 2) return []
  const entries = new Map<string, LegendEntry>()
  for (const { name, family = name, role, color } of series) {
    if (!entries.has(family)) entries.set(family, { name: family, role, ...(color === undefined ? {} : { color }) })
  }
  return [...entries.values()]
}

/** Entries in rows of a width, in the unit of the text's size; a name longer than a row is cut. */
export function legendRows(entries: readonly LegendEntry[], width: number, size: number): LegendEntry[][] {
  const rows: LegendEntry[][] = []
  let used = Infinity
  for (const entry of entries) {
    const name = fitText(entry.name, size, width - (swatch + afterSwatch) * size)
    const item = itemWidth(name, size)
    if (used + item - afterName * size > width) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push({ ...entry, name })
    used += item
  }
  return rows
}

/** How far from the beginning of an entry the next one begins. */
export function itemWidth(name: string, size: number): number {
  return textWidth(name, size) + (swatch + afterSwatch + afterName) * size
}
