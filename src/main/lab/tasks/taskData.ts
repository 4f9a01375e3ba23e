import type { Dataset } from '../../../shared/tasks/dataset.ts'
import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import { datasetData } from './dataset.ts'
import { modularData } from './modular.ts'
import { sparseParityData } from './sparseParity.ts'
import type { TaskData } from './task.ts'

type Maker<Task> = (task: Task, seed: number, dataset: Dataset | undefined) => TaskData
type Makers = { [Kind in NetworkTask['kind']]: Maker<Extract<NetworkTask, { kind: Kind }>> }

/** The other half of every kind of task that a network is set before. */
const makers: Makers = {
  modularAddition: modularData,
  modularSubtraction: modularData,
  modularMultiplication: modularData,
  modularDivision: modularData,
  modularQuadratic: modularData,
  modularCubic: modularData,
  sparseParity: sparseParityData,
  dataset: (task, _, dataset) => datasetData(task, dataset),
}

/** The data of a task; what of it is drawn at random, the seed draws; what of it is a file's, `dataset` is. */
export function taskData(task: NetworkTask, seed: number, dataset?: Dataset): TaskData {
  return (makers[task.kind] as Maker<NetworkTask>)(task, seed, dataset)
}
