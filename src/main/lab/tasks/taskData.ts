import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import { modularData } from './modular.ts'
import { sparseParityData } from './sparseParity.ts'
import type { TaskData } from './task.ts'

type Makers = {
  [Kind in NetworkTask['kind']]: (task: Extract<NetworkTask, { kind: Kind }>, seed: number) => TaskData
}

/** The other half of every kind of task that a network is set before. */
const makers: Makers = {
  modularAddition: modularData,
  modularSubtraction: modularData,
  modularMultiplication: modularData,
  modularDivision: modularData,
  modularQuadratic: modularData,
  modularCubic: modularData,
  sparseParity: sparseParityData,
}

/** The data of a task; what of it is drawn at random, the seed draws. */
export function taskData(task: NetworkTask, seed: number): TaskData {
  return (makers[task.kind] as (task: NetworkTask, seed: number) => TaskData)(task, seed)
}
