import type { IntegratorSpec } from '../../../shared/dynamics/integrators.ts'
import type { Measurements } from '../../../shared/run.ts'
import type { Backend } from '../backend/backend.ts'
import { isCuda } from '../backend/cuda/cudaBackend.ts'
import { adaptiveStep, type AdaptiveIntegrator } from '../integrators/adaptiveStep.ts'
import { fixedStep } from '../integrators/fixedStep.ts'
import { fixedStepAhead } from '../integrators/fixedStepAhead.ts'
import type { Integrator } from '../integrators/integrator.ts'
import { tableaus } from '../integrators/tableaus.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { Evolution } from './evolution.ts'

/** The parts of an evolution that are the same for every vector field, and what an integrator measures of itself. */
export type Integration = Pick<
  Evolution,
  'begin' | 'advance' | 'collect' | 'localError' | 'extraMatrices' | 'scalars' | 'restore' | 'report'
> & { measure(): Measurements }

/**
 * A vector field in time under the integrator a specification names: a tableau, in fixed steps or in such as a tolerance
 * demands; its state is saved under the names given. One clock step is `stepSize` of time for every integrator, so that runs compare at equal steps.
 */
export function integration(
  backend: Backend,
  field: VectorField,
  names: readonly string[],
  spec: IntegratorSpec,
): Integration {
  const { stepSize, tolerance } = spec
  const tableau = tableaus[spec.kind]
  if (typeof tolerance !== 'number') {
    const isAhead = isCuda(backend) && field.runsAhead
    const integrator = isAhead
      ? fixedStepAhead(backend, field, stepSize, tableau, spec.kind === 'euler' ? field.fused : undefined)
      : fixedStep(backend, field, stepSize, tableau)
    return fixed(integrator, stepSize)
  }
  const integrator = adaptiveStep(backend, field, stepSize, tolerance, tableau)
  return spec.output === 'dense' ? dense(integrator, stepSize, names) : cut(integrator, stepSize)
}

function fixed(integrator: Integrator, stepSize: number): Integration {
  return {
    ...ownParts(integrator),
    advance(position, limit) {
      integrator.step((limit - position) * stepSize)
      return position + 1
    },
    measure: () => ({ localError: integrator.localError() }),
    localError: integrator.localError,
  }
}

/** Adaptive steps that end wherever something is recorded. */
function cut(integrator: AdaptiveIntegrator, stepSize: number): Integration {
  return {
    ...ownParts(integrator),
    ...adaptiveMeasures(integrator),
    advance: (position, limit) => stepFrom(position, limit, integrator, stepSize),
  }
}

/**
 * Adaptive steps that interventions alone cut. What is recorded within a step is interpolated: the state by dense output,
 * to the order of the error estimate that the tolerance bounds; all that follows from the state (the second layer of an
 * isolated first, a place on Z) is computed there. So neither recorded steps nor the end of a run change its path. A
 * snapshot within a step holds the start of that step too: a resumed run takes the step again.
 */
function dense(integrator: AdaptiveIntegrator, stepSize: number, names: readonly string[]): Integration {
  /** On the clock: the last step, and where the run is. Before the first step there are none. */
  let start: number | undefined
  let end: number | undefined
  let present: number | undefined

  return {
    ...ownParts(integrator),
    ...adaptiveMeasures(integrator),
    advance(position, limit, barrier) {
      const from = end ?? position
      if (from < limit) {
        start = from
        end = stepFrom(from, barrier, integrator, stepSize)
        present = end
        // A resumed run takes the step again that it was within, and reads its end from it as the whole run did.
        const isRetaken = from < position
        if (end < limit || (end === limit && !isRetaken)) return end
      }
      present = limit
      integrator.interpolate((limit - start!) / (end! - start!))
      return limit
    },
    extraMatrices: () =>
      Object.fromEntries(integrator.resumable().map((matrix, i) => [`stepStart${names[i]!}`, matrix])),
    scalars: () => ({ ...integrator.scalars(), ...(present === end ? {} : { stepStart: start! }) }),
    restore(scalars) {
      integrator.restore(scalars)
      end = scalars['stepStart']
      present = end
    },
  }
}

function ownParts({ begin, scalars, restore, report, collect }: Integrator) {
  return { begin, scalars, restore, report, ...(collect && { collect }), extraMatrices: () => ({}) }
}

function adaptiveMeasures(integrator: AdaptiveIntegrator) {
  return { measure: () => ({ stepSize: integrator.stepSize() }), localError: () => NaN }
}

/** One step from a position on the clock, to `limit` at most; where it ends. */
function stepFrom(position: number, limit: number, integrator: AdaptiveIntegrator, stepSize: number): number {
  const remaining = (limit - position) * stepSize
  const length = integrator.step(remaining)
  return length === remaining ? limit : position + length / stepSize
}
