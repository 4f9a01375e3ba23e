import type { ComposedRunSpec } from '../../shared/experiment.ts'
import type { Snapshot } from '../../shared/run.ts'
import type { RealArray } from './backend/backend.ts'
import { createEvolution } from './evolutions/createEvolution.ts'
import type { Evolution } from './evolutions/evolution.ts'
import type { Interventions } from './interventions/interventions.ts'
import type { Network } from './network/model.ts'
import { directionOf, withParameters } from './network/network.ts'
import { restoreMatrices } from './restoreMatrices.ts'

/** The state of a run at a step, as its snapshot holds it. */
export type RunState = Pick<Snapshot, 'step' | 'matrices' | 'scalars'>

/** Goes on from a run's states on a copy of its network, which leaves the run where it is. */
export interface LookAhead {
  /** How often each pre-activation of the training samples changes its side of 0 in so many steps (n × d_h, row by row). */
  signChanges(state: RunState, steps: number, onStep?: (done: number) => void): Promise<Uint16Array>
  /** Releases what the copy holds on a device. */
  end(): void
}

/**
 * Counts changes of sign of the pre-activations Z = XE (+ b) of the training samples (n × d_h) in the steps that follow a state:
 *
 *   c_iu = #{1 ≤ j ≤ steps : [z_iu(t + j) > 0] ≠ [z_iu(t + j − 1) > 0]}
 *
 * z > 0 and z ≤ 0 are the sides on which relu has its slopes. The steps are the run's own: its dynamics, integrator or
 * optimizer, batches, schedules and clamped norm, taken on a copy as a run resumed from this state would take them, so that c
 * depends on the state alone. What is done within them once, rescaling and the removal of frequencies, is left out. Of a run in
 * fixed steps without that, c at step t is what its states at t, t + 1, …, t + steps show: its last steps, seen from t + steps.
 * Adaptive steps are cut at each of these where those of the run are. Throws what such a run would end with: DIVERGED,
 * NOT_POSITIVE_DEFINITE, ZERO_LOSS_UNREACHABLE; CONFLICT where the state lacks a matrix.
 */
export function createLookAhead(network: Network, spec: ComposedRunSpec, interventions: Interventions): LookAhead {
  const { backend, model, train } = network
  const own = withParameters(network, directionOf(network))
  const parameters = Object.fromEntries(own.parameters.map(({ name, matrix }) => [name, matrix]))
  const evolution = createEvolution(own, spec, interventions)
  const preactivations = model.preactivations(own, train.X.rows)
  let read: RealArray | undefined

  function takeSides(sides: Uint8Array, changes?: Uint16Array): void {
    const Z = (read = backend.download(preactivations(train.X), read))
    for (let at = 0; at < sides.length; at++) {
      const side = Z[at]! > 0 ? 1 : 0
      if (changes && side !== sides[at]) changes[at]! += 1
      sides[at] = side
    }
  }

  return {
    async signChanges({ step, matrices, scalars }, steps, onStep) {
      const sides = new Uint8Array(train.X.rows * spec.network.hidden)
      const changes = new Uint16Array(sides.length)
      // At the state itself, which under dense output lies within the step that is taken again from its start.
      restoreMatrices(backend, parameters, { step, matrices })
      takeSides(sides)
      evolution.restore(scalars)
      restoreMatrices(backend, { ...parameters, ...evolution.extraMatrices() }, { step, matrices })
      await evolution.begin(step)
      for (let done = 1; done <= steps; done++) {
        await advanceTo(evolution, step + done - 1, step + done)
        takeSides(sides, changes)
        onStep?.(done)
      }
      return changes
    },
    end: () => evolution.end?.(),
  }
}

async function advanceTo(evolution: Evolution, from: number, step: number): Promise<void> {
  let position = from
  while (position < step) position = await evolution.advance(position, step, Infinity)
  await evolution.collect?.()
}
