import type { ColumnOrder, RowOrder } from './matrixOrder.ts'
import { describeTask, type NetworkTask } from '../../../shared/tasks/tasks.ts'
import type { MatrixName, NamedMatrix } from './namedMatrix.ts'

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

/** What a row of a matrix stands for. */
export function rowWordOf({ rowLabels }: Pick<NamedMatrix, 'rowLabels'>): string {
  const names = Object.keys(rowLabels)
  return names.includes('a') ? 'pair' : names.at(-1)!
}

/** Whether its rows, in their own order, are one cycle of a symmetry of the task: then each unit is a wave over them. */
export function isCyclic(name: MatrixName, task: NetworkTask | null): boolean {
  if (!task || name === 'H') return false
  const { inputCycles, outputCycle } = describeTask(task)
  const cycles = name === 'E' ? inputCycles(task) : [outputCycle(task)]
  return cycles.length === 1 && (cycles[0]?.places.every((place, j) => place === j) ?? false)
}

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

export const rowOrders = (rowWord: string) =>
  [
    { value: 'index', label: rowWord },
    { value: 'norm', label: 'norm' },
  ] as const

const columnOrders = [
  { value: 'index', label: 'unit' },
  { value: 'norm', label: 'norm' },
  { value: 'frequency', label: 'dominant frequency, phase' },
] as const

/** Only where there are frequencies can units be in their order. */
export function columnOrdersOf(hasFrequencies: boolean) {
  return columnOrders.filter(({ value }) => hasFrequencies || value !== 'frequency')
}
