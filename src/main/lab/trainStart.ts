import { LabError } from '../../shared/errors.ts'
import type { InitializationSpec } from '../../shared/experiment.ts'
import { lossGradient } from './dynamics/lossGradient.ts'
import { createOptimizer } from './dynamics/createOptimizer.ts'
import { normOf } from './network/matrixLists.ts'
import { matricesOf, type Network } from './network/network.ts'

/**
 * Trains a network's drawn weights in place, by full-batch gradient descent on the mean squared error with weight decay,
 * for so many steps: a memorizing state from which several dynamics can start alike. Throws DIVERGED where it diverges.
 */
export function trainStart(network: Network, spec: Extract<InitializationSpec, { kind: 'trained' }>): void {
  const { backend, parameters } = network
  const field = lossGradient(network, { loss: 'meanSquaredError', reduction: 'mean' })
  const optimizer = createOptimizer(backend, { optimizer: { kind: 'gradientDescent' } }, parameters, field.gradient)
  for (let step = 0; step < spec.steps; step++) {
    field.evaluate()
    optimizer.step({ learningRate: spec.learningRate, weightDecay: spec.weightDecay, gradientScale: 1 })
  }
  if (!Number.isFinite(normOf(backend, matricesOf(network)))) {
    const message = `initialization: training with learningRate ${spec.learningRate} left the finite numbers`
    throw new LabError('DIVERGED', `${message} within ${spec.steps} steps`)
  }
}
