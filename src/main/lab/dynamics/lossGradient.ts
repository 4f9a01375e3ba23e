import { createLoss, type LossSpec } from '../network/loss.ts'
import type { Network } from '../network/network.ts'
import { outputJacobian, type LayerPair } from '../network/outputJacobian.ts'

/** The gradient of the training loss, without decay, at the state last evaluated. */
export interface LossGradient {
  /** [∇_E L, ∇_W L], shaped as the layers. */
  readonly gradient: LayerPair
  /** Computes loss and gradient at the network's present (E, W); returns the loss. */
  evaluate(): number
  /** ‖∇L‖ over both layers. */
  norm(): number
}

/**
 * Full-batch backpropagation through Ŷ = σ(XE)W: with C = ∂L/∂Ŷ (n × o),
 *
 *   ∇_W L = HᵀC,  ∇_E L = Xᵀ((CWᵀ) ⊙ σ'(XE)),  H = σ(XE)
 *
 * in 3·n·o·d_h multiply-adds; XE and Xᵀ(·) are gathers and scatters of rows. SCIENCE.md §4.
 */
export function lossGradient(network: Network, loss: LossSpec): LossGradient {
  const { backend, E, W, train } = network
  const { Y } = train
  const outputs = outputJacobian(network)
  const objective = createLoss(backend, loss, Y.rows, Y.columns)
  const cotangent = backend.matrix(Y.rows, Y.columns)
  const gradient: LayerPair = [backend.matrix(E.rows, E.columns), backend.matrix(W.rows, W.columns)]
  return {
    gradient,
    evaluate() {
      outputs.linearize()
      const value = objective.evaluate(outputs.residual, Y, cotangent)
      outputs.multiplyTransposed(cotangent, gradient)
      return value
    },
    norm: () => Math.sqrt(backend.dot(gradient[0], gradient[0]) + backend.dot(gradient[1], gradient[1])),
  }
}
