import { createHash } from 'node:crypto'
import type { MatrixData } from '../../shared/matrix.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { matrixChecksum } from './matrixBlob.ts'

/** SHA-256 over name and checksum of each array: equal for equal numbers, whatever file they came from. */
export function datasetHash(dataset: Dataset): string {
  const hash = createHash('sha256')
  for (const [name, matrix] of matricesOf(dataset)) hash.update(`${name} `).update(matrixChecksum(matrix))
  return hash.digest('hex')
}

/** Its arrays by name, as they are stored. */
export function matricesOf({ X, Y, train }: Dataset): [name: string, matrix: MatrixData][] {
  return [
    ['X', X],
    Y instanceof Int32Array ? ['classes', column(Y)] : ['Y', Y],
    ...(train ? [['train', column(train)] satisfies [string, MatrixData]] : []),
  ]
}

function column(values: Int32Array): MatrixData {
  return { rows: values.length, columns: 1, data: Float64Array.from(values) }
}
