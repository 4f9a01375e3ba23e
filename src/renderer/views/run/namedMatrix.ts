import type { HiddenValues } from '../../../shared/analysis.ts'
import type { Columns } from '../../../shared/panel.ts'
import type { MatrixData } from '../../../shared/run.ts'
import { counted } from '../../../shared/tasks/task.ts'
import { describeTask, type NetworkTask } from '../../../shared/tasks/tasks.ts'
import { transpose } from './matrixOrder.ts'

export type MatrixName = 'E' | 'W' | 'H'

/** A matrix whose rows and columns have names. */
export interface NamedMatrix extends MatrixData {
  rowLabels: Columns
  columnLabels: Columns
}

/** E by its inputs, or W, turned, by its outputs. */
export function namedLayer(name: 'E' | 'W', layer: MatrixData, task: NetworkTask): NamedMatrix {
  const matrix = name === 'W' ? transpose(layer) : layer
  const { inputNames, outputNames } = describeTask(task)
  return { ...matrix, rowLabels: name === 'W' ? outputNames(task) : inputNames(task), columnLabels: unitLabels(matrix) }
}

/** The hidden values by what the training samples are called. */
export function namedHidden({ values, samples }: HiddenValues): NamedMatrix {
  return { ...values, rowLabels: samples, columnLabels: unitLabels(values) }
}

function unitLabels({ columns }: MatrixData): NamedMatrix['columnLabels'] {
  return { unit: counted(columns) }
}
