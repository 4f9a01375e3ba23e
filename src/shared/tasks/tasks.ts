import { z } from 'zod'
import { words } from '../specification/words.ts'
import { dataset, datasetSchema } from './dataset.ts'
import { modularSchemas, modularTask } from './modular.ts'
import { sparseParity, sparseParitySchema } from './sparseParity.ts'
import { toySchema, toyTask } from './toy.ts'
import type { TaskDescription, TaskSizes } from './task.ts'

const kinds = [...modularSchemas, sparseParitySchema, datasetSchema, toySchema] as const

export type TaskSpec = z.output<(typeof kinds)[number]>
export type TaskKind = TaskSpec['kind']
/** The tasks that a network is set before. */
export type NetworkTask = Exclude<TaskSpec, { kind: 'toy' }>

/** Every kind of task: a kind is added here and in `lab/tasks`. */
export const tasks: { [Kind in TaskKind]: TaskDescription<Extract<TaskSpec, { kind: Kind }>> } = {
  modularAddition: modularTask('modularAddition'),
  modularSubtraction: modularTask('modularSubtraction'),
  modularMultiplication: modularTask('modularMultiplication'),
  modularDivision: modularTask('modularDivision'),
  modularQuadratic: modularTask('modularQuadratic'),
  modularCubic: modularTask('modularCubic'),
  sparseParity,
  dataset,
  toy: toyTask,
}

/** Whether a network is set before a task; a closed model has its own weights. */
export function isNetworkTask(task: TaskSpec): task is NetworkTask {
  return !describeTask(task).isClosed
}

export const taskKinds = Object.keys(tasks) as TaskKind[]

export const taskSchema = z.discriminatedUnion('kind', kinds).register(words, {
  label: 'task',
  help: 'What is to be learned: an operation on two tokens modulo $p$, the parity of a few bits, data from a file, or a toy model of two or three weights.',
  choices: Object.fromEntries(taskKinds.map((kind) => [kind, tasks[kind].label])),
  filter: ['task'],
})

/** The description of a task's kind, whatever kind it is. */
export function describeTask(task: TaskSpec): TaskDescription<TaskSpec> {
  return tasks[task.kind] as TaskDescription<TaskSpec>
}

/** Whether a run is of a network, by its scalars; a closed model and a kind of a newer version are not. */
export function isOfNetwork(facets: Readonly<Record<string, unknown>>): boolean {
  const kind = facets['task.kind']
  return typeof kind === 'string' && Object.hasOwn(tasks, kind) && !tasks[kind as TaskKind].isClosed
}

/** Whether a run's network answers with a class, by the scalars of the run: of real targets there is neither accuracy nor margin. */
export function hasClasses(facets: Readonly<Record<string, unknown>>): boolean {
  const task = taskOfFacets(facets)
  return task !== null && describeTask(task).targets(task) === 'classes'
}

/** What a network was set before, by the scalars of a run; null for a closed model and a kind of a newer version. */
export function taskOfFacets(facets: Readonly<Record<string, unknown>>): NetworkTask | null {
  const fieldsOf = (part: string): Record<string, unknown> => {
    const names = Object.keys(facets).flatMap((path) => (path.startsWith(part) ? path.slice(part.length) : []))
    return Object.fromEntries(names.filter((name) => !name.includes('.')).map((name) => [name, facets[part + name]]))
  }
  const fields = fieldsOf('task.')
  if (fields['kind'] === 'dataset') fields['content'] = fieldsOf('task.content.')
  const split = facets['task.split.kind']
  // What a list holds is no scalar; how much it is of the data, the share says.
  if (split !== undefined && split !== 'given') fields['split'] = { kind: split }
  const task = taskSchema.safeParse(fields)
  return task.success && isNetworkTask(task.data) ? task.data : null
}

export function taskSizes(task: TaskSpec): TaskSizes {
  return describeTask(task).sizes(task)
}
