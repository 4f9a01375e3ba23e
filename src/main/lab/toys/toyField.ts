import type { Matrix } from '../backend/backend.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ToyModel } from './toyModel.ts'

/**
 * The gradient flow of the regularized loss L_λ = r² + λ‖θ‖² of a toy model,
 *
 *   θ̇ = −∇L_λ = −2r(θ)∇r(θ) − 2λθ,
 *
 * θ one row of weights. Its decay time is τ = 2λt. Musat, Sec. 3, Fig. 1–4.
 */
export function toyField(model: ToyModel, theta: Matrix, ridge: number): VectorField {
  return {
    state: [theta],
    evaluate([velocity]) {
      const pull = -2 * model.residual(theta.data)
      model.gradient(theta.data).forEach((slope, j) => {
        velocity!.data[j] = pull * slope - 2 * ridge * theta.data[j]!
      })
    },
  }
}
