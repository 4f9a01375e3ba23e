import type { LinePanel, Series } from '../../shared/panel.ts'
import { lastPlace, type LineLayout } from './lineLayout.ts'
import { placeLabels } from './placeLabels.ts'

export interface LineLabel {
  series: Series
  text: string
  reading: string
  /** The end of the line, and where its label stands. */
  from: { x: number; y: number }
  to: { x: number; y: number }
}

/** `ends`: every line; `strong`: means and theory only. */
export type LabelStyle = 'ends' | 'strong' | 'none'

const distance = 15
const gap = 24
const characterWidth = 6.3

/** The lines that are to be named; none where the names would not fit into the height. */
export function namedSeries(panel: LinePanel, style: LabelStyle, height: number): Series[] {
  if (style === 'none') return []
  const strong = panel.series.filter(({ role }) => role === 'mean' || role === 'theory')
  const lines = panel.series.filter(({ role }) => role !== 'points' && role !== 'start')
  const wanted = style === 'strong' ? strong : lines
  if (wanted.length * distance <= height) return wanted
  return strong.length * distance <= height ? strong : []
}

/** Pixels that the longest of the labels takes, leader included. */
export function labelWidth(texts: readonly string[]): number {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0)
  return longest === 0 ? 0 : gap + longest * characterWidth
}

/** Names at the ends of lines, pushed apart, in one column to the right of the last end. */
export function labelLines(layout: LineLayout, named: readonly Series[], read: (value: number) => string): LineLabel[] {
  const { area, x, y } = layout
  const ends = named.flatMap((series) => {
    const place = lastPlaceWithin(series, x.invert(area.right))
    if (place < 0) return []
    const from = { x: x.at(series.x[place]!), y: y.at(series.y[place]!) }
    if (!Number.isFinite(from.x) || !Number.isFinite(from.y)) return []
    from.y = Math.max(area.top, Math.min(area.bottom, from.y))
    return [{ series, from, text: series.name, reading: read(series.y[place]!) }]
  })
  const column = Math.max(...ends.map(({ from }) => from.x)) + gap
  const heights = placeLabels(
    ends.map(({ from }) => ({ at: from.y })),
    distance,
    area.top + 2,
    area.bottom - 4,
  )
  return ends.map((end, place) => ({ ...end, to: { x: column, y: heights[place]! } }))
}

function lastPlaceWithin(series: Series, right: number): number {
  let place = lastPlace(series)
  while (place >= 0 && (series.x[place]! > right * (1 + 1e-9) + 1e-12 || !Number.isFinite(series.y[place]!))) place--
  return place
}
