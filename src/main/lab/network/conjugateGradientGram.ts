import { LabError } from '../../../shared/errors.ts'
import type { Backend, Matrix, RealArray } from '../backend/backend.ts'
import type { LinearizedLayers } from './choleskyGram.ts'
import type { GramSolver } from './gramSolver.ts'
import { inputGram } from './inputs.ts'
import { type OutputJacobian, type Preconditioner, type Network } from './model.ts'
import { directionOf } from './network.ts'

const maxIterations = 3000
/** Iterations without a smaller residual after which rounding is taken to have been reached. */
const patience = 60
/** A relative residual that is accepted where rounding allows no smaller one. */
const acceptable = 1e-8

/**
 * JJᵀy = r by conjugate gradients (Golub & Van Loan, ch. 11), from products with J and Jᵀ alone, preconditioned where the model
 * knows how. Throws ZERO_LOSS_UNREACHABLE where JJᵀ is not positive definite to rounding.
 */
export function conjugateGradientGram(network: Network, jacobian: OutputJacobian): GramSolver {
  const { backend, model, train } = network
  const { rows: samples, columns: outputs } = train.Y
  const preconditioner = model.gram?.preconditioner(network, jacobian)
  const gradient = directionOf(network)
  const [residual, direction, product, preconditioned] = [0, 1, 2, 3].map(() => backend.matrix(samples, outputs)) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ]

  function unreachable(reason: string): LabError {
    return lostRank(samples, outputs, reason)
  }

  return {
    kind: 'conjugateGradients',
    prepare: () => preconditioner?.prepare(),
    solve(y, tolerance) {
      backend.axpby(1, y, 0, residual)
      backend.fill(y, 0)
      const start = Math.sqrt(backend.dot(residual, residual))
      if (start === 0) return
      let best = start
      let bestAt = 0
      let rho = 0
      for (let k = 0; ; k++) {
        backend.axpby(1, residual, 0, preconditioned)
        preconditioner?.solve(preconditioned)
        const next = backend.dot(residual, preconditioned)
        backend.axpby(1, preconditioned, k === 0 ? 0 : next / rho, direction)
        rho = next
        jacobian.multiplyTransposed(direction, gradient)
        jacobian.multiply(gradient, product)
        const curvature = backend.dot(direction, product)
        if (!(curvature > 0)) throw unreachable(`a curvature of JJᵀ is ${curvature} at iteration ${k}`)
        backend.axpby(rho / curvature, direction, 1, y)
        backend.axpby(-rho / curvature, product, 1, residual)
        const length = Math.sqrt(backend.dot(residual, residual))
        if (length <= tolerance * start) return
        if (length < best) [best, bestAt] = [length, k]
        const stalled = k - bestAt >= patience
        if (stalled && best <= acceptable * start) return
        if (k === maxIterations) {
          throw unreachable(
            `conjugate gradients reach a relative residual of ${best / start} in ${k} iterations; at most ${acceptable} is needed`,
          )
        }
      }
    },
  }
}

function lostRank(samples: number, outputs: number, reason: string): LabError {
  const equations = `${samples} × ${outputs} = ${samples * outputs}`
  return new LabError(
    'ZERO_LOSS_UNREACHABLE',
    `the Jacobian of the ${equations} training outputs has lost rank: ${reason}`,
  )
}

/**
 * A ⊗ I with the A (n × n) nearest to the JJᵀ of two layers in the Frobenius norm, its partial trace over the outputs,
 *
 *   A = HHᵀ + (1/o)·XXᵀ ⊙ (M·diag(‖W_u‖²)·Mᵀ),  M = σ'(XE),
 *
 * positive definite where HHᵀ is (Schur product theorem); with biases XXᵀ + 1 and HHᵀ + 1 stand in their places. Memory
 * 2n² + O(n·d_h), n²·o multiply-adds a solve. Van Loan & Pitsianis 1993, *Approximation with Kronecker Products*. Throws
 * ZERO_LOSS_UNREACHABLE where A is not positive definite to rounding.
 */
export function partialTrace(backend: Backend, layers: LinearizedLayers): Preconditioner {
  const { X, activation, Z, H, W, hasBiases } = layers
  const samples = X.rows
  const outputs = W.columns
  const A = backend.matrix(samples, samples)
  const weighted = backend.matrix(samples, W.rows)
  const lengths = backend.matrix(1, W.rows)
  const ones = backend.matrix(samples, 1)
  backend.fill(ones, 1)
  const gramOfInputs = inputGram(backend, X, hasBiases ? 1 : 0)

  function fillWeighted(): void {
    backend.upload(lengths, rowLengths(backend.download(W), outputs))
    backend.gemm(false, false, 1, ones, lengths, 0, weighted)
    backend.multiplyByDerivative(activation, Z, weighted)
  }

  return {
    prepare() {
      fillWeighted()
      backend.symmetricRankK(false, 1, weighted, 0, A)
      backend.multiplyBlocks(gramOfInputs, A)
      backend.symmetricRankK(false, 1, H, 1, A)
      if (hasBiases) backend.symmetricRankK(false, 1, ones, 1, A)
      const failed = backend.cholesky(A)
      if (failed > 0) {
        const reason = `the preconditioner is not positive definite to rounding, its Cholesky fails at row ${failed}`
        throw lostRank(samples, outputs, reason)
      }
    },
    solve: (y) => backend.solveCholesky(A, y),
  }
}

/** ‖W_u‖/√o of each row. */
function rowLengths(W: RealArray, outputs: number): Float64Array {
  return Float64Array.from({ length: W.length / outputs }, (_, u) => {
    let square = 0
    for (let o = 0; o < outputs; o++) square += W[u * outputs + o]! ** 2
    return Math.sqrt(square / outputs)
  })
}
