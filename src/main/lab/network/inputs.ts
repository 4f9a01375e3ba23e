import type { Backend, InputRows, Matrix, RealArray } from '../backend/backend.ts'

/** The inputs X (n × m) of some samples: rows of tokens, or a number in every place. */
export type Inputs = InputRows | Matrix

/** A sum of unit vectors in every row: products with it are gathers and scatters of rows. */
export function isTokens(X: Inputs): X is InputRows {
  return 'perRow' in X
}

/** [X, 1] (n × (m + 1)): a last input, number m, that is 1 in every sample. */
export function withConstantInput(backend: Backend, X: Inputs, m: number): Inputs {
  const { rows } = X
  if (isTokens(X)) {
    const perRow = X.perRow + 1
    const indices = Int32Array.from({ length: rows * perRow }, (_, at) => {
      const place = at % perRow
      return place < X.perRow ? X.indices[Math.floor(at / perRow) * X.perRow + place]! : m
    })
    return { rows, perRow, indices }
  }
  const data = backend.download(X)
  const wide = backend.matrix(rows, m + 1)
  backend.upload(
    wide,
    Float64Array.from({ length: rows * (m + 1) }, (_, at) => {
      const column = at % (m + 1)
      return column < m ? data[Math.floor(at / (m + 1)) * m + column]! : 1
    }),
  )
  return wide
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

/**
 * For each of m inputs the samples in which it is not 0, ascending, with its value there: the columns of an X of tokens.
 */
export function tokenColumns({ indices, perRow }: InputRows, inputs: number): { rows: number[]; values: number[] }[] {
  const columns = Array.from({ length: inputs }, () => ({ rows: [] as number[], values: [] as number[] }))
  indices.forEach((input, at) => {
    const { rows, values } = columns[input]!
    const row = Math.floor(at / perRow)
    if (rows.at(-1) === row) values[values.length - 1]! += 1
    else {
      rows.push(row)
      values.push(1)
    }
  })
  return columns
}

/** XXᵀ (n × n), plus a constant in every place. */
export function inputGram(backend: Backend, X: Inputs, constant: number): Matrix {
  const product = isTokens(X) ? sharedTokens(X) : innerProduct(X.columns, backend.download(X))
  const gram = backend.matrix(X.rows, X.rows)
  backend.upload(
    gram,
    Float64Array.from({ length: X.rows ** 2 }, (_, at) => product(Math.floor(at / X.rows), at % X.rows) + constant),
  )
  return gram
}

function sharedTokens({ indices, perRow }: InputRows): (i: number, j: number) => number {
  return (i, j) => {
    let shared = 0
    for (let s = 0; s < perRow; s++) {
      for (let t = 0; t < perRow; t++) if (indices[i * perRow + s] === indices[j * perRow + t]) shared += 1
    }
    return shared
  }
}

function innerProduct(columns: number, data: RealArray): (i: number, j: number) => number {
  return (i, j) => {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += data[i * columns + k]! * data[j * columns + k]!
    return sum
  }
}
