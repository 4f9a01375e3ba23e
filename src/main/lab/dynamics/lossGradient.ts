import type { Backend } from '../backend/backend.ts'
import { createLoss, type LossSpec } from '../network/loss.ts'
import type { Network } from '../network/network.ts'
import { outputJacobian, type LayerPair } from '../network/outputJacobian.ts'

/** The gradient of the loss that a step is taken on, without decay, at the state last evaluated. */
export interface StepGradient {
  /** [∇_E L, ∇_W L], shaped as the layers. */
  readonly gradient: LayerPair
  /** Computes loss and gradient of the step from `step` on at the network's present (E, W); returns the loss. */
  evaluate(step: number): number
  /** ‖∇L‖ over both layers. */
  norm(): number
}

/** That of all training samples, at every step the same. */
export interface LossGradient extends StepGradient {
  evaluate(): number
}

/**
 * Backpropagation of all training samples of a network through Ŷ = σ(XE)W: with C = ∂L/∂Ŷ (n × o),
 *
 *   ∇_W L = HᵀC,  ∇_E L = Xᵀ((CWᵀ) ⊙ σ'(XE)),  H = σ(XE)
 *
 * in 3·n·o·d_h multiply-adds; XE and Xᵀ(·) are gathers and scatters of rows. SCIENCE.md §4. It is written into
 * `gradient`, a pair of its own unless given.
 */
export function lossGradient(
  network: Network,
  loss: LossSpec,
  gradient: LayerPair = gradientOf(network),
): LossGradient {
  const { backend, train } = network
  const { Y } = train
  const outputs = outputJacobian(network)
  const objective = createLoss(backend, loss, Y.rows, Y.columns)
  const cotangent = backend.matrix(Y.rows, Y.columns)
  return {
    gradient,
    evaluate() {
      outputs.linearize()
      const value = objective.evaluate(outputs.residual, Y, cotangent)
      outputs.multiplyTransposed(cotangent, gradient)
      return value
    },
    norm: () => normOf(backend, gradient),
  }
}

/** A pair of zeroed matrices shaped as the layers. */
export function gradientOf({ backend, E, W }: Network): LayerPair {
  return [backend.matrix(E.rows, E.columns), backend.matrix(W.rows, W.columns)]
}

/** ‖·‖ of both layers together. */
export function normOf(backend: Backend, [first, second]: LayerPair): number {
  return Math.sqrt(backend.dot(first, first) + backend.dot(second, second))
}
