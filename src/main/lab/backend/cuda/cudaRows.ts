import type { InputRows, Matrix } from '../backend.ts'
import { requireShape } from '../requireShape.ts'
import type { CudaDriver } from './openDriver.ts'

/** Where they lie on the card. */
interface Placed {
  readonly indices: number
  /** rowsOf[start[t]] … are the rows that hold the token t < tokens, ascending, each as often as it holds it. */
  start: number
  readonly rowsOf: number
  tokens: number
  /** Tokens for which there is room at `start`. */
  room: number
}

/** Rows of tokens of a backend on a card. */
export interface CudaInputs {
  create(rows: number, perRow: number, indices: Int32Array): InputRows
  /** into ← the given rows of `from`. */
  take(from: InputRows | Matrix, rows: Int32Array, into: InputRows | Matrix): void
  /** Where they lie, checked against a table of so many rows, which is called by a name. */
  on(name: string, X: InputRows, tableRows: number): Readonly<Placed>
  /** The address of numbers of rows, until it is called again. */
  places(rows: Int32Array): number
  clear(): void
}

export function createCudaRows(driver: CudaDriver, allocate: (bytes: number) => number): CudaInputs {
  let placed = new WeakMap<InputRows, Placed>()
  let list = { address: 0, length: 0 }

  function write({ rows, perRow, indices }: InputRows, to: Placed): void {
    const tokens = indices.reduce((most, index) => Math.max(most, index + 1), 0)
    const start = new Int32Array(tokens + 1)
    for (const index of indices) {
      if (index < 0) throw new RangeError(`index ${index} is negative`)
      start[index + 1]! += 1
    }
    for (let t = 0; t < tokens; t++) start[t + 1]! += start[t]!
    const next = start.slice()
    const rowsOf = new Int32Array(rows * perRow)
    indices.forEach((index, at) => (rowsOf[next[index]!++] = Math.floor(at / perRow)))
    if (to.room < tokens) {
      to.start = allocate(start.byteLength)
      to.room = tokens
    }
    to.tokens = tokens
    driver.write(to.indices, indices)
    driver.write(to.start, start)
    driver.write(to.rowsOf, rowsOf)
  }

  function placeOf(X: InputRows): Placed {
    const place = placed.get(X)
    if (!place) throw new RangeError('inputs of another backend, or of before it was cleared')
    return place
  }

  return {
    create(rows, perRow, indices) {
      if (indices.length !== rows * perRow || perRow < 1) {
        throw new RangeError(`${indices.length} indices given, expected ${rows} rows of ${perRow}, at least 1`)
      }
      const X = { rows, perRow, indices: indices.slice() }
      const bytes = indices.byteLength
      const place = { indices: allocate(bytes), start: allocate(8), rowsOf: allocate(bytes), tokens: 0, room: 0 }
      write(X, place)
      placed.set(X, place)
      return X
    },
    take(from, rows, into) {
      const [width, targetWidth] = [from, into].map((each) => ('perRow' in each ? each.perRow : each.columns))
      requireShape('into', into.rows, targetWidth!, rows.length, width!)
      const [source, target] = [from as InputRows, into as InputRows]
      rows.forEach((row, i) =>
        target.indices.set(source.indices.subarray(row * width!, (row + 1) * width!), i * width!),
      )
      write(target, placeOf(target))
    },
    on(name, X, tableRows) {
      const place = placeOf(X)
      if (place.tokens > tableRows) {
        throw new RangeError(`${name} has ${tableRows} rows, X names row ${place.tokens - 1}`)
      }
      return place
    },
    places(rows) {
      if (list.length < rows.length) list = { address: allocate(rows.byteLength), length: rows.length }
      driver.write(list.address, rows)
      return list.address
    },
    clear() {
      placed = new WeakMap()
      list = { address: 0, length: 0 }
    },
  }
}
