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

/** What a row of a matrix stands for. */
export function rowWordOf({ rowLabels }: Pick<NamedMatrix, 'rowLabels'>): string {
  const names = Object.keys(rowLabels)
  return names.includes('a') ? 'pair' : names.at(-1)!
}
