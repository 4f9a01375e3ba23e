import type { MapCell } from './mapCells.ts'

/** Where a cell of a grid stands, counted from its corner. */
export interface GridPlace {
  row: number
  column: number
}

export function gridPlaces(cells: readonly Pick<MapCell, 'x' | 'y'>[]): {
  rows: number
  columns: number
  places: GridPlace[]
} {
  const placesOn = (axis: 'x' | 'y') => {
    const values = [...new Set(cells.map((cell) => cell[axis]))].sort((a, b) => a - b)
    return new Map(values.map((value, place) => [value, place]))
  }
  const [rowOf, columnOf] = [placesOn('y'), placesOn('x')]
  return {
    rows: rowOf.size,
    columns: columnOf.size,
    places: cells.map(({ x, y }) => ({ row: rowOf.get(y)!, column: columnOf.get(x)! })),
  }
}
