import type { Backend, InputRows, Matrix } from '../backend/backend.ts'

/** The inputs X (n × m) of some samples: rows of tokens, or a number in every place. */
export type Inputs = InputRows | Matrix

/** A sum of unit vectors in every row: products with it are gathers and scatters of rows. */
export function isTokens(X: Inputs): X is InputRows {
  return 'perRow' in X
}

/** Z ← X·E: E (m × d), Z (n × d). */
export function multiplyInputs(backend: Backend, X: Inputs, E: Matrix, Z: Matrix): void {
  if (isTokens(X)) backend.gatherRows(X, E, Z)
  else backend.gemm(false, false, 1, X, E, 0, Z)
}

/** G ← Xᵀ·A + β·G: A (n × d), G (m × d). */
export function multiplyInputsTransposed(backend: Backend, X: Inputs, A: Matrix, beta: number, G: Matrix): void {
  if (isTokens(X)) backend.scatterRows(X, A, beta, G)
  else backend.gemm(true, false, 1, X, A, beta, G)
}

/** For each of m inputs the samples in which it is not 0, ascending, with its value there: the columns of X. */
export function inputColumns(X: Inputs, inputs: number): { rows: number[]; values: number[] }[] {
  const columns = Array.from({ length: inputs }, () => ({ rows: [] as number[], values: [] as number[] }))
  const add = (row: number, input: number, value: number) => {
    const { rows, values } = columns[input]!
    if (rows.at(-1) === row) values[values.length - 1]! += value
    else {
      rows.push(row)
      values.push(value)
    }
  }
  if (isTokens(X)) X.indices.forEach((input, at) => add(Math.floor(at / X.perRow), input, 1))
  else X.data.forEach((value, at) => value !== 0 && add(Math.floor(at / inputs), at % inputs, value))
  return columns
}
