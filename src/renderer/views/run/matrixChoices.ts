import type { ColumnOrder, RowOrder } from '../../../shared/panels/matrixOrder.ts'
import type { ParameterDescription } from '../../../shared/models/model.ts'
import { describeTask, type NetworkTask } from '../../../shared/tasks/tasks.ts'

export type MatrixView = 'single' | 'pair' | 'difference'

/** What is chosen in the tool bar of the matrices. */
export interface MatrixChoices {
  /** Of a parameter, or H. */
  name: string
  view: MatrixView
  rows: RowOrder
  columns: ColumnOrder
  /** The step compared with; null is the first snapshot. */
  before: number | null
}

/** The snapshot compared with; the first also where the chosen one is of another seed. */
export function beforeOf({ before }: MatrixChoices, stops: readonly number[]): number | null {
  return stops.find((step) => step === before) ?? stops[0] ?? null
}

/** Whether its rows, in their own order, are one cycle of a symmetry of the task: then each unit is a wave over them. */
export function isCyclic(parameter: ParameterDescription | undefined, task: NetworkTask | null): boolean {
  if (!task || !parameter) return false
  const { inputCycles, outputCycle } = describeTask(task)
  const { rowsOf, columnsOf } = parameter
  const cycles = rowsOf === 'inputs' ? inputCycles(task) : columnsOf === 'outputs' ? [outputCycle(task)] : []
  return cycles.length === 1 && (cycles[0]?.places.every((place, j) => place === j) ?? false)
}

/** The parameters that a network has, and its hidden values. */
export function matrixNamesOf(parameters: readonly ParameterDescription[]) {
  return [
    ...parameters.map(parameterChoice),
    { value: 'H', label: 'H, hidden values of the training pairs', symbol: 'H' },
  ]
}

export function parameterChoice({ name, label }: ParameterDescription) {
  return { value: name, label: `${name}, ${label}`, symbol: name }
}

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
