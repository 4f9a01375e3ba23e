import type { HiddenValues } from '../../../shared/analysis.ts'
import type { Columns } from '../../../shared/panel.ts'
import type { MatrixData } from '../../../shared/run.ts'
import { transpose } from './matrixOrder.ts'

export type MatrixName = 'E' | 'W' | 'H'

/** A matrix whose rows and columns have names. */
export interface NamedMatrix extends MatrixData {
  rowLabels: Columns
  columnLabels: Columns
}

/** E by its tokens, or W, turned, by its outputs. */
export function namedLayer(name: 'E' | 'W', layer: MatrixData): NamedMatrix {
  const matrix = name === 'W' ? transpose(layer) : layer
  const rows = counted(matrix.rows)
  return { ...matrix, rowLabels: name === 'W' ? { output: rows } : { token: rows }, columnLabels: unitLabels(matrix) }
}

/** The hidden values by the two tokens of each training pair. */
export function namedHidden({ values, tokens }: HiddenValues): NamedMatrix {
  const [a, b] = [0, 1].map((place) => tokens.filter((_, at) => at % 2 === place)) as [Int32Array, Int32Array]
  return { ...values, rowLabels: { a, b }, columnLabels: unitLabels(values) }
}

function unitLabels({ columns }: MatrixData): NamedMatrix['columnLabels'] {
  return { unit: counted(columns) }
}

function counted(length: number): Int32Array {
  return Int32Array.from({ length }, (_, place) => place)
}
