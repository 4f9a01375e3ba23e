import type { ColumnOrder, RowOrder } from './matrixOrder.ts'
import type { MatrixName } from './namedMatrix.ts'

export type MatrixView = 'single' | 'pair' | 'difference'

/** What is chosen in the tool bar of the matrices. */
export interface MatrixChoices {
  name: MatrixName
  view: MatrixView
  rows: RowOrder
  columns: ColumnOrder
  /** The step compared with; null is the first snapshot. */
  before: number | null
}

/** What a row of each matrix stands for. */
export const rowWords: Record<MatrixName, string> = { E: 'token', W: 'output', H: 'pair' }

export const matrixNames = [
  { value: 'E', label: 'E, first layer', symbol: 'E' },
  { value: 'W', label: 'W, second layer', symbol: 'W' },
  { value: 'H', label: 'H, hidden values of the training pairs', symbol: 'H' },
] as const

export const matrixViews = [
  { value: 'single', label: 'single' },
  { value: 'pair', label: 'before, after' },
  { value: 'difference', label: 'difference' },
] as const

export const columnOrders = [
  { value: 'index', label: 'unit' },
  { value: 'norm', label: 'norm' },
  { value: 'frequency', label: 'dominant frequency, phase' },
] as const
