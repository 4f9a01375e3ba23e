import type { Backend, Matrix } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ToyModel } from './toyModel.ts'

/**
 * The gradient flow of the regularized loss L_λ = r² + λ‖θ‖² of a toy model,
 *
 *   θ̇ = −∇L_λ = −2r(θ)∇r(θ) − 2λθ,
 *
 * θ one row of weights. Its decay time is τ = 2λt. Musat, Sec. 3, Fig. 1–4.
 */
export function toyField(backend: Backend, model: ToyModel, theta: Matrix, ridge: number): VectorField {
  const weights = backend.download(theta)
  return {
    state: [theta],
    evaluate([velocity]) {
      backend.download(theta, weights)
      const pull = -2 * model.residual(weights)
      backend.upload(
        velocity!,
        model.gradient(weights).map((slope, j) => pull * slope - 2 * ridge * weights[j]!),
      )
    },
  }
}
