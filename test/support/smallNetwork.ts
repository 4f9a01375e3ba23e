import { modularAddition } from './modularAddition.ts'
import type { Activation } from '../../src/shared/experiment.ts'
import type { Precision } from '../../src/shared/specification/limits.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import { drawSplit } from '../../src/main/lab/tasks/split.ts'
import { drawInitialWeights } from '../../src/main/lab/network/initialWeights.ts'
import { twoLayerNetwork, type TwoLayerNetwork } from './twoLayerNetwork.ts'

/** Addition mod 5 on 12 of its 15 pairs with 7 hidden units, weights drawn from the seed, on the plain backend. */
export function smallNetwork(activation: Activation, seed = 0, precision: Precision = 'float64'): TwoLayerNetwork {
  const task = modularAddition(5)
  const network = twoLayerNetwork(plainBackend(precision), task, drawSplit(task.size, 12, seed), 7, activation)
  drawInitialWeights(network.backend, { kind: 'normal', standardDeviation: 'p^-1/2' }, seed, network.E, network.W)
  return network
}
