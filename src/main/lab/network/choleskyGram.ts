import type { Activation } from '../../../shared/experiment.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Backend, InputRows, Matrix } from '../backend/backend.ts'
import type { GramSolver } from './gramSolver.ts'
import { inputGram, isTokens, tokenColumns, type Inputs } from './inputs.ts'

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
 * With biases each input and each unit has one more entry, which is 1: XXᵀ + 1 and HHᵀ + 1 stand in their places. Costs
 * (n·o)²·d_h/2 multiply-adds to build, a share perRow²/m of them where the inputs are tokens, and (n·o)³/6 to factor.
 * SCIENCE.md §4.
 *
 * Throws ZERO_LOSS_UNREACHABLE where JJᵀ is not positive definite to rounding: J has lost rank.
 */
export function choleskyGram(backend: Backend, layers: LinearizedLayers): GramSolver {
  const { X, activation, Z, H, W, hasBiases } = layers
  const samples = X.rows
  const outputs = W.columns
  const equations = samples * outputs
  const G = backend.matrix(equations, equations)
  const HHt = backend.matrix(samples, samples)
  const M = backend.matrix(samples, W.rows)
  const ones = backend.matrix(samples, 1)
  backend.fill(ones, 1)
  /** For each output the places of its equations, one a sample. */
  const equationsOf = Array.from({ length: outputs }, (_, o) =>
    backend.inputRows(
      samples,
      1,
      Int32Array.from({ length: samples }, (_, i) => i * outputs + o),
    ),
  )
  const setFirstLayer = isTokens(X) ? firstLayerOfTokens(backend, layers, X, G) : firstLayer(backend, layers, G)

  function addSecondLayer(): void {
    backend.symmetricRankK(false, 1, H, 0, HHt)
    if (hasBiases) backend.symmetricRankK(false, 1, ones, 1, HHt)
    for (const places of equationsOf) backend.addSubmatrix(HHt, places, G)
  }

  return {
    kind: 'cholesky',
    prepare() {
      backend.fill(M, 1)
      backend.multiplyByDerivative(activation, Z, M)
      setFirstLayer(M)
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
    solve: (y) => backend.solveCholesky(G, backend.reshape(y, equations, 1)),
  }
}

/** G ← (XXᵀ ⊗ 1) ⊙ A·Aᵀ, with a row M_i ⊙ W_·o of A for each equation. */
function firstLayer(backend: Backend, { X, W, hasBiases }: LinearizedLayers, G: Matrix): (M: Matrix) => void {
  const A = backend.matrix(G.rows, W.rows)
  const gramOfInputs = inputGram(backend, X, hasBiases ? 1 : 0)
  return (M) => {
    backend.khatriRao(M, W, A)
    backend.symmetricRankK(false, 1, A, 0, G)
    backend.multiplyBlocks(gramOfInputs, G)
  }
}

/**
 * The same for inputs that are mostly 0: XXᵀ is a sum over the inputs t of outer products of X's columns, and each adds to the
 * equations of the samples alone in which t is not 0.
 */
function firstLayerOfTokens(
  backend: Backend,
  { inputs, W, hasBiases }: LinearizedLayers,
  X: InputRows,
  G: Matrix,
): (M: Matrix) => void {
  const outputs = W.columns
  const columns = tokenColumns(X, inputs).filter(({ rows }) => rows.length > 0)
  if (hasBiases) columns.push({ rows: [...Array(X.rows).keys()], values: Array<number>(X.rows).fill(1) })
  const buffers = new Map<number, Record<'ofM' | 'A' | 'product', Matrix>>()
  const parts = columns.map(({ rows, values }) => {
    const size = rows.length
    const order = size * outputs
    if (!buffers.has(size)) {
      buffers.set(size, {
        ofM: backend.matrix(size, W.rows),
        A: backend.matrix(order, W.rows),
        product: backend.matrix(order, order),
      })
    }
    const weights = backend.matrix(size, size)
    backend.upload(
      weights,
      values.flatMap((a) => values.map((b) => a * b)),
    )
    return {
      ...buffers.get(size)!,
      weights,
      samples: backend.inputRows(size, 1, Int32Array.from(rows)),
      equations: backend.inputRows(
        order,
        1,
        Int32Array.from({ length: order }, (_, at) => rows[Math.floor(at / outputs)]! * outputs + (at % outputs)),
      ),
    }
  })
  return (M) => {
    backend.fill(G, 0)
    for (const { samples, ofM, A, product, weights, equations } of parts) {
      backend.gatherRows(samples, M, ofM)
      backend.khatriRao(ofM, W, A)
      backend.symmetricRankK(false, 1, A, 0, product)
      backend.multiplyBlocks(weights, product)
      backend.addSubmatrix(product, equations, G)
    }
  }
}
