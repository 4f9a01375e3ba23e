import type { Activation } from '../../../shared/experiment.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { GramSolver } from './gramSolver.ts'
import { inputColumns, type Inputs } from './inputs.ts'

/** Two layers on the training samples at the state last linearized. */
export interface LinearizedLayers {
  readonly X: Inputs
  /** m. */
  readonly inputs: number
  readonly activation: Activation
  /** What is activated and σ of it (n × d_h). */
  readonly Z: Matrix
  readonly H: Matrix
  /** d_h × o. */
  readonly W: Matrix
  readonly hasBiases: boolean
}

/**
 * JJᵀ (n·o × n·o) factored by Cholesky. With M = σ'(XE), row (i, o) and column (j, q):
 *
 *   (JJᵀ)[(i,o),(j,q)] = (XXᵀ)_ij Σ_u M_iu M_ju W_uo W_uq + δ_oq (HHᵀ)_ij
 *
 * With biases each input and each unit has one more entry, which is 1: XXᵀ + 1 and HHᵀ + 1 stand in their places.
 * XXᵀ is a sum over the inputs t of outer products of X's columns, which tokens leave sparse; so the first term is the sum over t of
 * A_t·A_tᵀ, where A_t (n_t·o × d_h) holds a row X_it·(M_i ⊙ W_·o) for each sample i with X_it ≠ 0. Costs about
 * (perRow·n·o)²·d_h/(2m) multiply-adds to build and (n·o)³/6 to factor. SCIENCE.md §4.
 *
 * Throws ZERO_LOSS_UNREACHABLE where JJᵀ is not positive definite to rounding: J has lost rank.
 */
export function choleskyGram(backend: Backend, layers: LinearizedLayers): GramSolver {
  const { X, inputs, activation, Z, H, W, hasBiases } = layers
  const samples = X.rows
  const outputs = W.columns
  const hidden = W.rows
  const equations = samples * outputs
  const columns = inputColumns(X, inputs)
  if (hasBiases) columns.push({ rows: [...Array(samples).keys()], values: Array<number>(samples).fill(1) })
  const G = backend.matrix(equations, equations)
  const HHt = backend.matrix(samples, samples)
  const M = backend.matrix(samples, hidden)
  const right = backend.matrix(equations, 1)
  const buffers = new Map<number, { A: Matrix; product: Matrix }>()
  for (const order of new Set(columns.map(({ rows }) => rows.length * outputs))) {
    buffers.set(order, { A: backend.matrix(order, hidden), product: backend.matrix(order, order) })
  }

  function addFirstLayer(): void {
    M.data.fill(1)
    backend.multiplyByDerivative(activation, Z, M)
    const columnsOfW = transposed(W)
    for (const { rows, values } of columns) {
      const { A, product } = buffers.get(rows.length * outputs)!
      fillInputRows(A, M, columnsOfW, rows, values)
      backend.symmetricRankK(false, 1, A, 0, product)
      addInputBlock(G, product, rows, outputs)
    }
  }

  function addSecondLayer(): void {
    backend.symmetricRankK(false, 1, H, 0, HHt)
    for (let i = 0; i < samples; i++) {
      for (let j = 0; j <= i; j++) {
        const value = HHt.data[i * samples + j]! + (hasBiases ? 1 : 0)
        for (let o = 0; o < outputs; o++) G.data[(i * outputs + o) * equations + j * outputs + o]! += value
      }
    }
  }

  return {
    kind: 'cholesky',
    prepare() {
      G.data.fill(0)
      addFirstLayer()
      addSecondLayer()
      const failed = backend.cholesky(G)
      if (failed > 0) {
        const sample = Math.floor((failed - 1) / outputs)
        throw new LabError(
          'ZERO_LOSS_UNREACHABLE',
          `the Jacobian of the ${samples} × ${outputs} = ${equations} training outputs has lost rank: JJᵀ is not positive ` +
            `definite to rounding, its Cholesky factorization fails at row ${failed} (training pair ${sample})`,
        )
      }
    },
    solve(y) {
      right.data.set(y.data)
      backend.solveCholesky(G, right)
      y.data.set(right.data)
    },
  }
}

function transposed({ rows, columns, data }: Matrix): Float64Array {
  const result = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j]!
  return result
}

/** Rows (i, o) of A: X_it·(M_i ⊙ W_·o). */
function fillInputRows(
  A: Matrix,
  M: Matrix,
  columnsOfW: Float64Array,
  rows: readonly number[],
  values: readonly number[],
): void {
  const hidden = M.columns
  let at = 0
  rows.forEach((row, r) => {
    const value = values[r]!
    for (let w = 0; w < columnsOfW.length; w += hidden) {
      for (let u = 0; u < hidden; u++) A.data[at++] = value * M.data[row * hidden + u]! * columnsOfW[w + u]!
    }
  })
}

/** Adds the lower triangle of one input's product to that of G. */
function addInputBlock(G: Matrix, product: Matrix, rows: readonly number[], outputs: number): void {
  for (let a = 0; a < product.rows; a++) {
    const target = (rows[Math.floor(a / outputs)]! * outputs + (a % outputs)) * G.columns
    for (let first = 0; first <= a; first += outputs) {
      const column = rows[first / outputs]! * outputs
      const last = Math.min(outputs, a - first + 1)
      for (let q = 0; q < last; q++) G.data[target + column + q]! += product.data[a * product.columns + first + q]!
    }
  }
}
