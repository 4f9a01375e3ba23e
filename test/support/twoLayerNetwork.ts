import type { Backend, Matrix } from '../../src/main/lab/backend/backend.ts'
import { createModel } from '../../src/main/lab/models/createModel.ts'
import { createNetwork, parameterOf } from '../../src/main/lab/network/network.ts'
import type { Network } from '../../src/main/lab/network/model.ts'
import type { Split, TaskData } from '../../src/main/lab/tasks/task.ts'
import type { Activation } from '../../src/shared/experiment.ts'

export interface TwoLayerNetwork extends Network {
  activation: Activation
  E: Matrix
  W: Matrix
}

/** Two layers with zero weights, and the matrices of both at hand. */
export function twoLayerNetwork(
  backend: Backend,
  data: TaskData,
  split: Split,
  hidden: number,
  activation: Activation,
  biases = false,
): TwoLayerNetwork {
  const network = createNetwork(backend, data, split, createModel({ hidden, activation, biases }))
  return { ...network, activation, E: parameterOf(network, 'E'), W: parameterOf(network, 'W') }
}
