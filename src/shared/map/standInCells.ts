import { standIn } from '../sweep/coarseFirst.ts'
import type { CellState } from '../panel.ts'
import { gridPlaces } from './gridPlaces.ts'
import type { MapCell } from './mapCells.ts'

/**
 * Of each cell of a grid the one that stands in for it while it is missing, as planes are computed from coarse to fine: −1 where none
 * does, and for those that are not missing.
 */
export function standInCells(cells: readonly Pick<MapCell, 'x' | 'y'>[], state: readonly CellState[]): Int32Array {
  const { rows, columns, places } = gridPlaces(cells)
  const cellAt = new Map(places.map(({ row, column }, cell) => [row * columns + column, cell]))
  const isKnown = (place: number) => cellAt.has(place) && state[cellAt.get(place)!] !== 'missing'
  return Int32Array.from(places, (at, cell) => {
    if (state[cell] !== 'missing') return -1
    const place = standIn({ ...at, rows, columns }, isKnown)
    return place === undefined ? -1 : cellAt.get(place)!
  })
}
