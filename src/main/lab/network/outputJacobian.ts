import type { Matrix } from '../backend/backend.ts'
import { multiplyInputs, multiplyInputsTransposed } from './inputs.ts'
import type { Network } from './network.ts'

/** A list [dE, dW] of matrices shaped as the two layers: a direction, a gradient, or the parameters themselves. */
export type LayerPair = readonly [Matrix, Matrix]

/** The training outputs of a network and their first derivative in θ = (E, W), at the state last linearized. */
export interface OutputJacobian {
  /** Evaluates the network at its present (E, W); the products below belong to that state. */
  linearize(): void
  /** f(x) − y of the training samples (n × o). */
  readonly residual: Matrix
  /** XE and σ(XE) (n × d_h). */
  readonly Z: Matrix
  readonly H: Matrix
  /** product ← J·(dE, dW) (n × o). */
  multiply(direction: LayerPair, product: Matrix): void
  /** gradient ← Jᵀ·cotangent, for a cotangent n × o. */
  multiplyTransposed(cotangent: Matrix, gradient: LayerPair): void
}

/**
 * The Jacobian J of the n·o training outputs f = σ(XE)W in θ = (E, W), never formed:
 *
 *   J·(dE, dW) = (M ⊙ (X·dE))W + H·dW,  Jᵀ·y = (Xᵀ(M ⊙ (yWᵀ)), Hᵀy),  M = σ'(XE), H = σ(XE)
 *
 * X (n × m), E (m × d_h), W (d_h × o). Each product costs 2·n·o·d_h multiply-adds. SCIENCE.md §4; Musat, App. D.
 */
export function outputJacobian(network: Network): OutputJacobian {
  const { backend, activation, E, W, train } = network
  const { X, Y } = train
  const Z = backend.matrix(X.rows, E.columns)
  const H = backend.matrix(X.rows, E.columns)
  const hidden = backend.matrix(X.rows, E.columns)
  const residual = backend.matrix(X.rows, W.columns)
  return {
    residual,
    Z,
    H,
    linearize() {
      multiplyInputs(backend, X, E, Z)
      backend.activate(activation, Z, H)
      backend.axpby(1, Y, 0, residual)
      backend.gemm(false, false, 1, H, W, -1, residual)
    },
    multiply([dE, dW], product) {
      multiplyInputs(backend, X, dE, hidden)
      backend.multiplyByDerivative(activation, Z, hidden)
      backend.gemm(false, false, 1, hidden, W, 0, product)
      backend.gemm(false, false, 1, H, dW, 1, product)
    },
    multiplyTransposed(cotangent, [gradE, gradW]) {
      backend.gemm(false, true, 1, cotangent, W, 0, hidden)
      backend.multiplyByDerivative(activation, Z, hidden)
      multiplyInputsTransposed(backend, X, hidden, 0, gradE)
      backend.gemm(true, false, 1, H, cotangent, 0, gradW)
    },
  }
}
