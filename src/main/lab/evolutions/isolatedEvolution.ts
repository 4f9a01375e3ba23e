import type { DynamicsSpec, IntegratorSpec } from '../../../shared/experiment.ts'
import { conditionNumberFromCholesky, largestEigenvalueFromCholesky } from '../analysis/extremeEigenvalues.ts'
import type { Backend } from '../backend/backend.ts'
import { isolatedField } from '../dynamics/isolatedField.ts'
import { dormandPrince } from '../integrators/dormandPrince.ts'
import { euler } from '../integrators/euler.ts'
import { adaptiveHeun, heun } from '../integrators/heun.ts'
import type { Integrator } from '../integrators/integrator.ts'
import type { Network } from '../network/network.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { Evolution } from './evolution.ts'

/**
 * The isolated first layer in time: Eq. 20, or Eq. 14–17 with a ridge, under any integrator. One clock step is
 * `integrator.stepSize` of decay time for every integrator, so that runs compare at equal steps and equal τ; an
 * adaptive one divides the time between recorded steps as its tolerance demands.
 */
export function isolatedEvolution(network: Network, dynamics: Extract<DynamicsSpec, { kind: 'isolated' }>): Evolution {
  const field = isolatedField(network, dynamics.ridge)
  const { stepSize } = dynamics.integrator
  const integrator = createIntegrator(network.backend, field, dynamics.integrator)
  const adaptive = isAdaptive(dynamics.integrator)

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
    measure: () => ({
      ridgeObjective: field.ridgeObjective(),
      ...(adaptive ? { stepSize: integrator.stepSize() } : { localError: integrator.localError() }),
    }),
    inspect: () => ({ conditionNumber: conditionNumber(field.factor, network.train.X.rows, dynamics.ridge) }),
    localError: () => (adaptive ? NaN : integrator.localError()),
    extraMatrices: () => ({}),
    scalars: integrator.scalars,
    restore: integrator.restore,
    report: integrator.report,
  }
}

/** The integrator a specification names, over a field. */
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

function isAdaptive(spec: IntegratorSpec): boolean {
  return spec.kind !== 'euler' && spec.tolerance !== undefined
}

/** κ(HHᵀ + λI): where the factor is that of the small system, HHᵀ is singular and its smallest eigenvalue is λ. */
function conditionNumber(factor: { rows: number; data: ArrayLike<number> }, samples: number, ridge: number): number {
  return factor.rows === samples
    ? conditionNumberFromCholesky(factor.data, factor.rows)
    : largestEigenvalueFromCholesky(factor.data, factor.rows) / ridge
}
