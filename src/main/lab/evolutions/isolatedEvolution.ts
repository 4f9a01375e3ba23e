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
 * `integrator.stepSize` of decay time. A run that goes on is computed by the kernel of whole steps where it began so.
 */
export function isolatedEvolution(network: Network, dynamics: Extract<DynamicsSpec, { kind: 'isolated' }>): Evolution {
  const { backend, train } = network
  const field = isolatedField(network, dynamics.ridge)
  const { fused } = field
  if (fused) fused.isUsed &&= takesFusedSteps(dynamics)
  const moved = network.parameters.filter(({ matrix }) => field.state.includes(matrix))
  const names = moved.map(({ name }) => name)
  const motion = integration(backend, field, names, dynamics.integrator)
  return {
    ...motion,
    scalars: (): Record<string, number> => ({ ...motion.scalars(), ...(fused?.isUsed && { [fusedScalar]: 1 }) }),
    restore(scalars) {
      if (fused) fused.isUsed = isFusedIn(scalars) && takesFusedSteps(dynamics)
      motion.restore(scalars)
    },
    measure: () => ({ ridgeObjective: field.ridgeObjective(), ...motion.measure() }),
    /** The field's first part is a product with the readout: both vanish where no unit answers to any pair. */
    pull: () => normOf(backend, layerOf(network, 'second')),
    inspect: () => ({
      conditionNumber: conditionNumber(backend.download(field.factor), field.factor.rows, train.X.rows, dynamics.ridge),
    }),
  }
}

const fusedScalar = 'fusedSteps'

/** Whether the state of a run was computed by the kernel of whole steps. */
export function isFusedIn(scalars: Readonly<Record<string, number>>): boolean {
  return scalars[fusedScalar] === 1
}

/** Whether the kernel of whole steps has the steps of a dynamics: Euler's, of constant length. */
export function takesFusedSteps({ integrator }: Extract<DynamicsSpec, { kind: 'isolated' }>): boolean {
  return integrator.kind === 'euler' && typeof integrator.tolerance !== 'number'
}

/** κ(HHᵀ + λI): where the factor is that of the small system, HHᵀ is singular and its smallest eigenvalue is λ. */
function conditionNumber(factor: ArrayLike<number>, order: number, samples: number, ridge: number): number {
  return order === samples
    ? conditionNumberFromCholesky(factor, order)
    : largestEigenvalueFromCholesky(factor, order) / ridge
}
