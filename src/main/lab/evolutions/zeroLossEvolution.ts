import type { DynamicsSpec } from '../../../shared/dynamics/dynamics.ts'
import { zeroLossField } from '../dynamics/zeroLossField.ts'
import type { Network } from '../network/model.ts'
import { zeroLossSet } from '../network/zeroLossSet.ts'
import type { Evolution } from './evolution.ts'
import { integration } from './integration.ts'

/**
 * The norm-minimizing flow on the zero-loss set in time, from the projection of the start on Z. One clock step is
 * `integrator.stepSize` of decay time.
 */
export function zeroLossEvolution(
  network: Network,
  dynamics: Extract<DynamicsSpec, { kind: 'zeroLossFlow' }>,
): Evolution {
  const set = zeroLossSet(network)
  const names = network.parameters.map(({ name }) => name)
  const motion = integration(network.backend, zeroLossField(network, set), names, dynamics.integrator)
  /** A restored state is on Z already; another projection could change its last bits. */
  let restored = false

  return {
    ...motion,
    begin(position) {
      if (!restored) set.project()
      restored = false
      motion.begin(position)
    },
    /** On Z every pair is fitted. */
    pull: () => NaN,
    inspect: () => ({}),
    restore(scalars) {
      restored = true
      motion.restore(scalars)
    },
  }
}
