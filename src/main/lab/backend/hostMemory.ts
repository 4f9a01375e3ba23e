import type { Backend, InputRows, LossFunction, Matrix, RealArray } from './backend.ts'
import { requireShape } from './requireShape.ts'

/** A matrix in memory that the host addresses, row-major without padding: entry (i, j) is `data[i * columns + j]`. */
export interface HostMatrix extends Matrix {
  readonly data: RealArray
}

export function hostMatrix(rows: number, columns: number, data: RealArray): HostMatrix {
  if (data.length !== rows * columns) {
    throw new RangeError(`${data.length} entries are no matrix of ${rows} × ${columns}`)
  }
  return { rows, columns, data } as HostMatrix
}

/** What a backend on such memory does without a kernel: passes over the data on the calling thread, written to be read. */
export const hostOperations = {
  upload,
  download,
  fill,
  takeRows,
  scale,
  addDiagonal,
  khatriRao,
  multiplyBlocks,
  addSubmatrix,
  evaluateLoss,
} satisfies Partial<Backend>

function upload({ rows, columns, data }: HostMatrix, values: ArrayLike<number>): void {
  requireLength('values', values.length, rows, columns)
  data.set(values)
}

function download({ rows, columns, data }: HostMatrix, into?: RealArray): RealArray {
  if (!into) return data.slice()
  requireLength('into', into.length, rows, columns)
  into.set(data)
  return into
}

function requireLength(name: string, length: number, rows: number, columns: number): void {
  if (length !== rows * columns) {
    throw new RangeError(`${name} has ${length} entries, expected ${rows} × ${columns}`)
  }
}

function fill({ data }: HostMatrix, value: number): void {
  data.fill(value)
}

function takeRows(from: HostMatrix | InputRows, rows: Int32Array, into: HostMatrix | InputRows): void {
  const [source, width] = memoryOf(from)
  const [target, targetWidth] = memoryOf(into)
  requireShape('into', into.rows, targetWidth, rows.length, width)
  rows.forEach((row, i) => target.set(source.subarray(row * width, (row + 1) * width), i * width))
}

/** The memory of an operand, and how many of its entries are a row. */
function memoryOf(operand: HostMatrix | InputRows): [RealArray | Int32Array, number] {
  return 'perRow' in operand ? [operand.indices, operand.perRow] : [operand.data, operand.columns]
}

function scale(alpha: number, { data }: HostMatrix): void {
  for (let at = 0; at < data.length; at++) data[at]! *= alpha
}

function addDiagonal(alpha: number, { rows, columns, data }: HostMatrix): void {
  requireShape('A', rows, columns, rows, rows)
  for (let at = 0; at < data.length; at += columns + 1) data[at]! += alpha
}

function khatriRao(A: HostMatrix, B: HostMatrix, C: HostMatrix): void {
  const { rows, columns: width } = A
  const outputs = B.columns
  requireShape('B', B.rows, B.columns, width, outputs)
  requireShape('C', C.rows, C.columns, rows * outputs, width)
  let at = 0
  for (let i = 0; i < rows; i++) {
    for (let q = 0; q < outputs; q++) {
      for (let u = 0; u < width; u++) C.data[at++] = A.data[i * width + u]! * B.data[u * outputs + q]!
    }
  }
}

function multiplyBlocks(K: HostMatrix, A: HostMatrix): void {
  const size = A.rows / K.rows
  requireShape('K', K.rows, K.columns, K.rows, K.rows)
  requireShape('A', A.rows, A.columns, K.rows * Math.floor(size), A.rows)
  for (let row = 0; row < A.rows; row++) {
    const i = Math.floor(row / size)
    for (let j = 0; j <= i; j++) {
      const factor = K.data[i * K.columns + j]!
      const end = row * A.columns + Math.min((j + 1) * size, row + 1)
      for (let at = row * A.columns + j * size; at < end; at++) A.data[at]! *= factor
    }
  }
}

function addSubmatrix(P: HostMatrix, { rows, perRow, indices }: InputRows, A: HostMatrix): void {
  requireShape('P', P.rows, P.columns, rows * perRow, rows)
  for (let a = 0; a < rows; a++) {
    const row = indices[a]! * A.columns
    for (let b = 0; b <= a; b++) A.data[row + indices[b]!]! += P.data[a * rows + b]!
  }
}

function evaluateLoss(loss: LossFunction, R: HostMatrix, Y: HostMatrix, C: HostMatrix): number {
  requireShape('Y', Y.rows, Y.columns, R.rows, R.columns)
  requireShape('C', C.rows, C.columns, R.rows, R.columns)
  return loss(R.data, Y.data, C.data, R.columns)
}
