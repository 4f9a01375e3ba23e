import type { MatrixData } from '../../../shared/matrix.ts'
import type { ModularTask } from '../../../shared/tasks/modular.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { Inputs } from '../network/inputs.ts'
import { modularData, pairInputs, pairsOnGrid } from '../tasks/modular.ts'

/** The outputs of a network on every ordered pair of tokens, row a·p + b for the pair (a, b): p² × o. */
export interface OutputGrid extends MatrixData {
  readonly modulus: number
  data: Float64Array
  /** Of each cell the place of its pair in D, −1 where D has none; unordered pairs stand in two cells. */
  readonly places: Int32Array
  /** The right class of each cell; −1 likewise. */
  readonly classes: Int32Array
  /** 1 at the first cell of each pair, so that it counts once. */
  readonly isFirst: Uint8Array
}

/**
 * The outputs f(a, b) on the whole p × p grid, of a network on p samples at a time (p × o). The two cells of an unordered pair have the
 * outputs of the pair with a ≤ b. In output units.
 */
export function outputGrid(backend: Backend, task: ModularTask, outputsOf: (X: Inputs) => Matrix): OutputGrid {
  const { modulus: p, pairs } = task
  const rows = Array.from({ length: p }, (_, a) => {
    const tokens = Array.from({ length: p }, (_, b) =>
      pairs === 'unordered' ? pairInputs(task, Math.min(a, b), Math.max(a, b)) : pairInputs(task, a, b),
    )
    return backend.download(outputsOf(backend.inputRows(p, 2, Int32Array.from(tokens.flat()))))
  })
  const columns = rows[0]!.length / p
  const data = new Float64Array(p * p * columns)
  rows.forEach((row, a) => data.set(row, a * p * columns))
  const places = pairsOnGrid(task)
  return { modulus: p, rows: p * p, columns, data, places, ...cellsOf(task, places) }
}

function cellsOf(task: ModularTask, places: Int32Array): Pick<OutputGrid, 'classes' | 'isFirst'> {
  const { targets } = modularData(task)
  if (targets.kind !== 'classes') throw new RangeError('a modular task has classes')
  const met = new Set([-1])
  const isFirst = Uint8Array.from(places, (place) => {
    const isNew = !met.has(place)
    met.add(place)
    return isNew ? 1 : 0
  })
  return { classes: places.map((place) => (place < 0 ? -1 : targets.classes[place]!)), isFirst }
}
