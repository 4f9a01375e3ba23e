import type { IntegratorSpec } from '../../../shared/experiment.ts'
import type { Measurements } from '../../../shared/run.ts'
import type { Backend } from '../backend/backend.ts'
import { dormandPrince } from '../integrators/dormandPrince.ts'
import { euler } from '../integrators/euler.ts'
import { adaptiveHeun, heun } from '../integrators/heun.ts'
import type { Integrator } from '../integrators/integrator.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { Evolution } from './evolution.ts'

/** The parts of an evolution that are the same for every vector field, and what an integrator measures of itself. */
export type Integration = Pick<Evolution, 'begin' | 'advance' | 'localError' | 'scalars' | 'restore' | 'report'> & {
  measure(): Measurements
}

/**
 * A vector field in time under the integrator a specification names. One clock step is `stepSize` of time for every
 * integrator, so that runs compare at equal steps; an adaptive one divides the time between recorded steps as its
 * tolerance demands.
 */
export function integration(backend: Backend, field: VectorField, spec: IntegratorSpec): Integration {
  const { stepSize } = spec
  const integrator = createIntegrator(backend, field, spec)
  const adaptive = spec.kind !== 'euler' && spec.tolerance !== undefined
  return {
    begin: integrator.begin,
    advance(position, limit) {
      if (!adaptive) {
        integrator.step(stepSize)
        return position + 1
      }
      const remaining = (limit - position) * stepSize
      const length = integrator.step(remaining)
      return length === remaining ? limit : position + length / stepSize
    },
    measure: () => (adaptive ? { stepSize: integrator.stepSize() } : { localError: integrator.localError() }),
    localError: () => (adaptive ? NaN : integrator.localError()),
    scalars: integrator.scalars,
    restore: integrator.restore,
    report: integrator.report,
  }
}

function createIntegrator(backend: Backend, field: VectorField, spec: IntegratorSpec): Integrator {
  switch (spec.kind) {
    case 'euler':
      return euler(backend, field, spec.stepSize)
    case 'heun':
      return spec.tolerance === undefined
        ? heun(backend, field, spec.stepSize)
        : adaptiveHeun(backend, field, spec.stepSize, spec.tolerance)
    case 'dormandPrince':
      return dormandPrince(backend, field, spec.stepSize, spec.tolerance)
  }
}
