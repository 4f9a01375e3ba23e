import type { Activation } from '../../../shared/experiment.ts'
import type { MatrixData } from '../../../shared/run.ts'
import type { Backend, Matrix } from '../backend/backend.ts'

/** The outputs of a network on every ordered pair of tokens, row a·p + b for the pair (a, b): p² × o. */
export interface OutputGrid extends MatrixData {
  readonly modulus: number
  data: Float64Array
}

/** The outputs f(a, b) = σ(E_a + E_b)W on the whole p × p grid; E (p × d_h), W (d_h × o). In output units. */
export function outputGrid(backend: Backend, activation: Activation, E: MatrixData, W: MatrixData): OutputGrid {
  const modulus = E.rows
  const first = matrixOf(backend, E)
  const second = matrixOf(backend, W)
  const hidden = backend.matrix(modulus, E.columns)
  const outputs = backend.matrix(modulus, W.columns)
  const data = new Float64Array(modulus * modulus * W.columns)
  for (let a = 0; a < modulus; a++) {
    const tokens = Int32Array.from({ length: 2 * modulus }, (_, i) => (i % 2 === 0 ? a : (i - 1) / 2))
    backend.gatherRows(backend.inputRows(modulus, 2, tokens), first, hidden)
    backend.activate(activation, hidden, hidden)
    backend.gemm(false, false, 1, hidden, second, 0, outputs)
    data.set(outputs.data, a * modulus * W.columns)
  }
  return { modulus, rows: modulus * modulus, columns: W.columns, data }
}

function matrixOf(backend: Backend, { rows, columns, data }: MatrixData): Matrix {
  const matrix = backend.matrix(rows, columns)
  matrix.data.set(data)
  return matrix
}
