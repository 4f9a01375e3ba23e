import type { RunSummary } from '../run.ts'
import { valueOnAxis } from './mapAxis.ts'

/**
 * The two of some fields over which runs are mapped before a person chooses: those that have the most cells with runs, where every
 * other field stands at its first value; of equally many those of more numbers, of these the last across and the first up.
 */
export function usualPlane(
  runs: readonly Pick<RunSummary, 'facets'>[],
  fields: readonly string[],
): { x: string; y: string } {
  const columns = fields.map((field) => columnOf(runs, field))
  let best = { x: fields.at(-1)!, y: fields[0]!, cells: 0, numbers: 0 }
  for (const [up, y] of columns.entries()) {
    for (let across = columns.length - 1; across > up; across--) {
      const x = columns[across]!
      const numbers = Number(x.isNumeric) + Number(y.isNumeric)
      const cells = countCells(columns, up, across)
      if (cells > best.cells || (cells === best.cells && numbers > best.numbers))
        best = { x: fields[across]!, y: fields[up]!, cells, numbers }
    }
  }
  return { x: best.x, y: best.y }
}

/** The values of a field, each run's as its place among them: the first run's is 0. */
interface Column {
  places: Int32Array
  isNumeric: boolean
}

function columnOf(runs: readonly Pick<RunSummary, 'facets'>[], field: string): Column {
  const known = new Map<number | string, number>()
  const places = Int32Array.from(runs, (run) => {
    const value = valueOnAxis(run, field)
    const place = known.get(value) ?? known.size
    known.set(value, place)
    return place
  })
  return { places, isNumeric: [...known.keys()].every((value) => typeof value === 'number') }
}

/** How many cells of a plane have runs where the fields that vary within a cell stand at their first values, as `slicedFields` has them. */
function countCells(columns: readonly Column[], up: number, across: number): number {
  const [x, y] = [columns[across]!.places, columns[up]!.places]
  const known = new Map<number, number>()
  const cells = x.map((place, run) => {
    const key = place * x.length + y[run]!
    const cell = known.get(key) ?? known.size
    known.set(key, cell)
    return cell
  })
  const isShown = new Uint8Array(x.length).fill(1)
  for (const [other, { places }] of columns.entries()) {
    if (other === up || other === across || !variesWithin(cells, known.size, places)) continue
    for (const [run, place] of places.entries()) if (place !== 0) isShown[run] = 0
  }
  return new Set(cells.filter((_, run) => isShown[run] === 1)).size
}

function variesWithin(cells: Int32Array, count: number, places: Int32Array): boolean {
  const first = new Int32Array(count).fill(-1)
  return places.some((place, run) => {
    const cell = cells[run]!
    if (first[cell] === -1) first[cell] = place
    return first[cell] !== place
  })
}
