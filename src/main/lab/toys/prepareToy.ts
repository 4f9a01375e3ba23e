import type { DynamicsSpec } from '../../../shared/dynamics/dynamics.ts'
import type { ToyTask } from '../../../shared/tasks/toy.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import { integration } from '../evolutions/integration.ts'
import { randomStream } from '../network/randomStream.ts'
import type { RunSubject } from '../runSubject.ts'
import { measureToy } from './measureToy.ts'
import { toyModelFunctions, type ToyModel } from './toyModel.ts'
import type { VectorField } from '../network/vectorField.ts'

const testInputs = 100

/** A toy model at its start, ready to run under its gradient flow; the seed draws the Gaussian test inputs (Fig. 1). */
export function prepareToy(
  backend: Backend,
  { model: name, start }: ToyTask,
  { ridge, integrator }: Extract<DynamicsSpec, { kind: 'gradientFlow' }>,
  seed: number,
): Omit<RunSubject, 'detector'> {
  const model = toyModelFunctions[name]
  const theta = backend.matrix(1, start.length)
  backend.upload(theta, start)
  const weights = () => backend.download(theta)
  const stream = randomStream(seed, 'testInputs')
  const inputs = Array.from({ length: testInputs }, () => start.map(() => stream.normal()))
  const motion = integration(backend, toyField(backend, model, theta, ridge), ['E'], integrator)
  return {
    train: Int32Array.of(0),
    parameters: { E: theta },
    evaluate: () => measureToy(model, weights(), inputs),
    guessAccuracy: NaN,
    evolution: { ...motion, pull: () => lossSlope(model, weights()), inspect: () => ({}) },
    interventions: { steps: [], apply: () => {}, scalars: () => ({}), restore: () => {} },
  }
}

/** ‖∇L‖ = |2r|·‖∇r‖. */
function lossSlope(model: ToyModel, theta: ArrayLike<number>): number {
  return Math.abs(2 * model.residual(theta)) * Math.hypot(...model.gradient(theta))
}

/**
 * The gradient flow of the regularized loss L_λ = r² + λ‖θ‖² of a toy model,
 *
 *   θ̇ = −∇L_λ = −2r(θ)∇r(θ) − 2λθ,
 *
 * θ one row of weights. Its decay time is τ = 2λt. Musat, Sec. 3, Fig. 1–4.
 */
function toyField(backend: Backend, model: ToyModel, theta: Matrix, ridge: number): VectorField {
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
