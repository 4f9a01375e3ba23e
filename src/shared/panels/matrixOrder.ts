import type { FourierAnalysis } from '../analysis.ts'
import type { MatrixData } from '../matrix.ts'

export const columnOrders = ['index', 'norm', 'frequency'] as const
export const rowOrders = ['index', 'norm'] as const
export type ColumnOrder = (typeof columnOrders)[number]
export type RowOrder = (typeof rowOrders)[number]

/** A stretch of neighboring columns with one dominant frequency. */
export interface FrequencyBlock {
  /** 0 for units without power. */
  frequency: number
  from: number
  to: number
}

/** Units by dominant frequency, then phase; those without power at the end. */
export function orderByFrequency({ dominant, phase }: Pick<FourierAnalysis, 'dominant' | 'phase'>): Int32Array {
  const rank = (unit: number) => dominant[unit]! || Infinity
  return orderOf(dominant.length, (a, b) => {
    if (dominant[a] !== dominant[b]) return rank(a) - rank(b)
    return dominant[a] === 0 ? 0 : phase[a]! - phase[b]!
  })
}

/** Rows or columns by falling norm. */
export function orderByNorm(norms: Float64Array): Int32Array {
  return orderOf(norms.length, (a, b) => norms[b]! - norms[a]!)
}

export function frequencyBlocks(order: ArrayLike<number>, dominant: ArrayLike<number>): FrequencyBlock[] {
  const blocks: FrequencyBlock[] = []
  for (let place = 0; place < order.length; place++) {
    const frequency = dominant[order[place]!]!
    const last = blocks.at(-1)
    if (last?.frequency === frequency) last.to = place + 1
    else blocks.push({ frequency, from: place, to: place + 1 })
  }
  return blocks
}

export function rowNorms({ rows, columns, data }: MatrixData): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]! ** 2
    return Math.sqrt(sum)
  })
}

export function columnNorms({ columns, data }: MatrixData): Float64Array {
  const sums = new Float64Array(columns)
  for (let from = 0; from < data.length; from += columns) {
    for (let column = 0; column < columns; column++) sums[column]! += data[from + column]! ** 2
  }
  return sums.map(Math.sqrt)
}

export function squaredNorm({ data }: MatrixData): number {
  let sum = 0
  for (let at = 0; at < data.length; at++) sum += data[at]! ** 2
  return sum
}

export function transpose({ rows, columns, data }: MatrixData): MatrixData {
  const turned = new Float64Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!
  }
  return { rows: columns, columns: rows, data: turned }
}

/** a − b, entry by entry; `null` where their shapes differ. */
export function difference<Matrix extends MatrixData>(a: Matrix, b: MatrixData): Matrix | null {
  if (a.rows !== b.rows || a.columns !== b.columns) return null
  return { ...a, data: Float64Array.from(a.data, (value, at) => value - b.data[at]!) }
}

function orderOf(length: number, compare: (a: number, b: number) => number): Int32Array {
  return Int32Array.from({ length }, (_, place) => place).sort((a, b) => compare(a, b) || a - b)
}
