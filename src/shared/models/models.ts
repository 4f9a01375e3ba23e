import { z } from 'zod'
import { words } from '../specification/words.ts'
import type { TaskSizes } from '../tasks/task.ts'
import { taskOfFacets, taskSizes } from '../tasks/tasks.ts'
import type { ModelDescription, ParameterDescription } from './model.ts'
import { twoLayer, twoLayerSchema } from './twoLayer.ts'

const kinds = [twoLayerSchema] as const

export type NetworkSpec = z.output<(typeof kinds)[number]>
export type ModelKind = NonNullable<NetworkSpec['kind']>
export type NetworkOf<Kind extends ModelKind> = Extract<NetworkSpec, { kind?: Kind }>

/** Every kind of model: a kind is added here and in `lab/models`. */
export const models = { twoLayer } satisfies { [Kind in ModelKind]: ModelDescription<NetworkOf<Kind>> }

/** The kind of a specification that names none: the first that there was. */
const usualKind = 'twoLayer'

/** What `network` of a specification says. */
export const networkSchema = z.discriminatedUnion('kind', kinds).register(words, {
  label: 'network',
  help: 'What maps an input to an answer; left out, two layers.',
  leftOut: usualKind,
  choices: Object.fromEntries(Object.entries(models).map(([kind, { label }]) => [kind, label])),
})

/** The names that parameters of any model have in files, snapshots and specifications. */
export type ParameterName = (typeof models)[ModelKind]['parameterNames'][number]
export const parameterNames: readonly ParameterName[] = [
  ...new Set(Object.values(models).flatMap(({ parameterNames }) => parameterNames)),
]

export function modelKind({ kind = usualKind }: NetworkSpec): ModelKind {
  return kind
}

/** The description of a model's kind, whatever kind it is. */
export function describeModel(network: NetworkSpec): ModelDescription<NetworkSpec> {
  return models[modelKind(network)] as ModelDescription<NetworkSpec>
}

/** A network that says what holds without saying is the same network, also by its content. */
export function canonicalNetwork(network: NetworkSpec): NetworkSpec {
  const said = Object.entries(network).filter(([name, value]) => value !== (name === 'kind' ? usualKind : false))
  return Object.fromEntries(said) as NetworkSpec
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
  const fields = entries.map(([path, value]) => [
    path.slice(8),
    value === 'true' ? true : value === 'false' ? false : value,
  ])
  const network = networkSchema.safeParse(Object.fromEntries(fields))
  const task = taskOfFacets(facets)
  return network.success && task ? parametersOf(network.data, taskSizes(task)) : []
}
