import type { HiddenValues } from '../analysis.ts'
import type { ParameterDescription } from '../models/model.ts'
import type { Columns } from '../panel.ts'
import type { MatrixData } from '../matrix.ts'
import { counted } from '../tasks/task.ts'
import { describeTask, type NetworkTask } from '../tasks/tasks.ts'
import { transpose } from './matrixOrder.ts'

/** A matrix whose rows and columns have names. */
export interface NamedMatrix extends MatrixData {
  rowLabels: Columns
  columnLabels: Columns
}

/** A parameter by its inputs, or turned, by its outputs: hidden units are columns wherever there are any. */
export function namedParameter(
  { rowsOf, columnsOf }: Pick<ParameterDescription, 'rowsOf' | 'columnsOf'>,
  parameter: MatrixData,
  task: NetworkTask,
): NamedMatrix {
  const { inputNames, outputNames } = describeTask(task)
  const isTurned = columnsOf === 'outputs'
  const ofRows: Record<ParameterDescription['rowsOf'], Columns> = {
    inputs: inputNames(task),
    units: { [isTurned ? 'unit' : 'unit before']: counted(parameter.rows) },
    bias: { bias: counted(1) },
  }
  const rowLabels = ofRows[rowsOf]
  return isTurned
    ? { ...transpose(parameter), rowLabels: outputNames(task), columnLabels: rowLabels }
    : { ...parameter, rowLabels, columnLabels: { unit: counted(parameter.columns) } }
}

/** The hidden values by what the training samples are called. */
export function namedHidden({ values, samples }: HiddenValues): NamedMatrix {
  return { ...values, rowLabels: samples, columnLabels: { unit: counted(values.columns) } }
}

/** What a row of a matrix stands for: a token of each operand that has rows of its own is an input. */
export function rowWordOf({ rowLabels }: Pick<NamedMatrix, 'rowLabels'>): string {
  if ('a' in rowLabels) return 'pair'
  return 'operand' in rowLabels ? 'input' : Object.keys(rowLabels).at(-1)!
}

/** Where along its rows each of them stands: at its token, answer, bit or sample, or else as they follow one another. */
export function rowPlaces({ rowLabels }: Pick<NamedMatrix, 'rowLabels'>): Float64Array {
  const [first, ...others] = Object.values(rowLabels)
  const isAlone = others.length === 0 && first!.every((label, row) => row === 0 || label > first![row - 1]!)
  return Float64Array.from({ length: first!.length }, (_, row) => (isAlone ? Number(first![row]) : row))
}

/** The indices of an entry: of its row, which of H is a pair, and its column; biases have one. */
export function entryIndices(
  { rowLabels, columnLabels }: Pick<NamedMatrix, 'rowLabels' | 'columnLabels'>,
  { row, column }: { row: number; column: number },
): string {
  const { bias: _, ...ofRow } = Object.fromEntries(Object.entries(rowLabels).map(([name, all]) => [name, all[row]!]))
  const { a, b, operand, token } = ofRow
  const rowIndices =
    a !== undefined
      ? [`(${a}, ${b})`]
      : operand !== undefined
        ? [`${token} of operand ${operand}`]
        : Object.values(ofRow)
  const columnIndices = Object.entries(columnLabels).flatMap(([name, all]) => (name === 'bias' ? [] : [all[column]!]))
  return [...rowIndices, ...columnIndices].join(', ')
}
