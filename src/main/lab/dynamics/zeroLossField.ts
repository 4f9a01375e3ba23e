import { axpbyAll } from '../network/matrixLists.ts'
import { matricesOf } from '../network/network.ts'
import type { Network } from '../network/model.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ZeroLossSet } from '../network/zeroLossSet.ts'

/** Far below any integrator's error; what is left of the motion normal to Z, the return to Z takes away. */
const tangentTolerance = 1e-9

/**
 * The norm-minimizing flow on the zero-loss set, θ̇ = −P_T θ: weight decay without its part normal to Z,
 * the limit of training for η, λ → 0 (Musat, Sec. 4). Its time unit is 1/(2λ): decay alone shrinks θ as e^(−t).
 * After each accepted step the state is returned to Z by Gauss–Newton. SCIENCE.md §4.
 *
 * Throws ZERO_LOSS_UNREACHABLE where the Jacobian of the outputs has lost rank.
 */
export function zeroLossField(network: Network, set: ZeroLossSet): VectorField {
  const { backend } = network
  const theta = matricesOf(network)
  return {
    state: theta,
    evaluate(velocity) {
      set.linearize()
      axpbyAll(backend, -1, theta, 0, velocity)
      set.projectTangent(velocity, tangentTolerance)
    },
    retract: set.retract,
  }
}
