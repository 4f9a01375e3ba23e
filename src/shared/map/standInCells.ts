import { standIn } from '../sweep/coarseFirst.ts'
import type { CellState } from '../panel.ts'
import type { MapCell } from './mapCells.ts'

/**
 * Of each cell of a grid the one that stands in for it while it is missing, as planes are computed from coarse to fine: −1 where none
 * does, and for those that are not missing.
 */
export function standInCells(cells: readonly Pick<MapCell, 'x' | 'y'>[], state: readonly CellState[]): Int32Array {
  const placesOn = (axis: 'x' | 'y') => {
    const values = [...new Set(cells.map((cell) => cell[axis]))].sort((a, b) => a - b)
    return new Map(values.map((value, place) => [value, place]))
  }
  const [rowOf, columnOf] = [placesOn('y'), placesOn('x')]
  const [rows, columns] = [rowOf.size, columnOf.size]
  const placed = cells.map(({ x, y }) => ({ row: rowOf.get(y)!, column: columnOf.get(x)! }))
  const cellAt = new Map(placed.map(({ row, column }, cell) => [row * columns + column, cell]))
  const isKnown = (place: number) => cellAt.has(place) && state[cellAt.get(place)!] !== 'missing'
  return Int32Array.from(placed, (at, cell) => {
    if (state[cell] !== 'missing') return -1
    const place = standIn({ ...at, rows, columns }, isKnown)
    return place === undefined ? -1 : cellAt.get(place)!
  })
}
