import type { MapBoundary } from '../panel.ts'
import type { RunMap } from './mapPanel.ts'

/**
 * Where along a boundary its band is not narrower than a cell, on the axis' own scale: the places of these rows on the other axis. A
 * row without a boundary is none of them.
 */
export function wideRows(map: RunMap, { along, at, middle, from, to }: MapBoundary): Set<number> {
  const scaled = map[along].axis.scale === 'log' ? Math.log : Number
  const places = [...new Set(map.cells.map((cell) => cell[along]))].map(scaled).sort((a, b) => a - b)
  const wide = [...at.keys()].filter((row) => {
    const band = scaled(to[row]!) - scaled(from[row]!)
    return band >= stepAt(places, scaled(middle[row]!))
  })
  return new Set(wide.map((row) => at[row]!))
}

/** Between the neighbors about a value, or those at the end beyond which it lies. */
function stepAt(places: readonly number[], value: number): number {
  const behind = places.findIndex((place) => place > value)
  const upper = Math.min(places.length - 1, Math.max(1, behind < 0 ? Infinity : behind))
  return places[upper]! - places[upper - 1]!
}
