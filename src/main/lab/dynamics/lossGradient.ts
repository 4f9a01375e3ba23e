import type { Matrix } from '../backend/backend.ts'
import { createLoss, type LossSpec } from '../network/createLoss.ts'
import { normOf } from '../network/matrixLists.ts'
import { directionOf } from '../network/network.ts'
import type { Network } from '../network/model.ts'

/** The gradient of the loss that a step is taken on, without decay, at the state last evaluated. */
export interface StepGradient {
  /** ∇L, shaped as θ. */
  readonly gradient: readonly Matrix[]
  /** Computes loss and gradient of the step from `step` on at the network's present θ; returns the loss. */
  evaluate(step: number): number
  /** ‖∇L‖ over all parameters. */
  norm(): number
}

/** That of all training samples, at every step the same. */
export interface LossGradient extends StepGradient {
  evaluate(): number
}

/**
 * Backpropagation of all training samples of a network: ∇L = Jᵀ·∂L/∂Ŷ, with J the Jacobian of its outputs; for two layers,
 * with C = ∂L/∂Ŷ (n × o),
 *
 *   ∇_W L = HᵀC,  ∇_E L = Xᵀ((CWᵀ) ⊙ σ'(XE)),  H = σ(XE)
 *
 * in 3·n·o·d_h multiply-adds; XE and Xᵀ(·) are gathers and scatters of rows. SCIENCE.md §4. It is written into
 * `gradient`, a list of its own unless given.
 */
export function lossGradient(
  network: Network,
  loss: LossSpec,
  gradient: readonly Matrix[] = directionOf(network),
): LossGradient {
  const { backend, model, train } = network
  const { Y } = train
  const outputs = model.jacobian(network)
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
