import type { z } from 'zod'
import type { TaskSizes } from '../tasks/task.ts'
import { taskOfFacets, taskSizes } from '../tasks/tasks.ts'
import type { ModelDescription, ParameterDescription } from './model.ts'
import { twoLayer, twoLayerSchema } from './twoLayer.ts'

/** What `network` of a specification says. */
export const networkSchema = twoLayerSchema

export type NetworkSpec = z.output<typeof networkSchema>

/** Every kind of model: a kind is added here and in `lab/models`. */
export const models = { twoLayer } satisfies Record<string, ModelDescription<NetworkSpec>>

export type ModelKind = keyof typeof models

/** The names that parameters of any model have in files, snapshots and specifications. */
export const parameterNames = Object.values(models).flatMap(({ parameterNames }) => parameterNames)
export type ParameterName = (typeof parameterNames)[number]

/** A specification that names no kind is of the first there was. */
export function modelKind(_: NetworkSpec): ModelKind {
  return 'twoLayer'
}

/** The description of a model's kind, whatever kind it is. */
export function describeModel(network: NetworkSpec): ModelDescription<NetworkSpec> {
  return models[modelKind(network)]
}

/** The parameters of a network for a task of given sizes, in the order of its layers. */
export function parametersOf(
  network: NetworkSpec,
  sizes: Pick<TaskSizes, 'inputs' | 'outputs'>,
): readonly ParameterDescription[] {
  return describeModel(network).parameters(network, sizes)
}

/** The parameters of a run's network, by the scalars of the run; none for a closed model and a kind of a newer version. */
export function parametersOfFacets(facets: Readonly<Record<string, unknown>>): readonly ParameterDescription[] {
  const entries = Object.entries(facets).filter(([path]) => /^network\.[^.]+$/.test(path))
  const fields = entries.map(([path, value]) => [path.slice(8), value === 'true' ? true : value])
  const network = networkSchema.safeParse(Object.fromEntries(fields))
  const task = taskOfFacets(facets)
  return network.success && task ? parametersOf(network.data, taskSizes(task)) : []
}
