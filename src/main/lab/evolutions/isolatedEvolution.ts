import type { DynamicsSpec } from '../../../shared/dynamics/dynamics.ts'
import { conditionNumberFromCholesky, largestEigenvalueFromCholesky } from '../analysis/extremeEigenvalues.ts'
import { isolatedField } from '../dynamics/isolatedField.ts'
import { normOf } from '../network/matrixLists.ts'
import { layerOf } from '../network/network.ts'
import type { Network } from '../network/model.ts'
import type { Evolution } from './evolution.ts'
import { integration } from './integration.ts'

/**
 * The isolated first layer in time: Eq. 20, or Eq. 14–17 with a ridge, under any integrator. One clock step is
 * `integrator.stepSize` of decay time.
 */
export function isolatedEvolution(network: Network, dynamics: Extract<DynamicsSpec, { kind: 'isolated' }>): Evolution {
  const { backend, train } = network
  const field = isolatedField(network, dynamics.ridge)
  const moved = network.parameters.filter(({ matrix }) => field.state.includes(matrix))
  const names = moved.map(({ name }) => name)
  const motion = integration(backend, field, names, dynamics.integrator)
  return {
    ...motion,
    measure: () => ({ ridgeObjective: field.ridgeObjective(), ...motion.measure() }),
    /** The field's first part is a product with the readout: both vanish where no unit answers to any pair. */
    pull: () => normOf(backend, layerOf(network, 'second')),
    inspect: () => ({
      conditionNumber: conditionNumber(backend.download(field.factor), field.factor.rows, train.X.rows, dynamics.ridge),
    }),
  }
}

/** κ(HHᵀ + λI): where the factor is that of the small system, HHᵀ is singular and its smallest eigenvalue is λ. */
function conditionNumber(factor: ArrayLike<number>, order: number, samples: number, ridge: number): number {
  return order === samples
    ? conditionNumberFromCholesky(factor, order)
    : largestEigenvalueFromCholesky(factor, order) / ridge
}
