import { z } from 'zod'
import { formatCount } from '../formatting/formatNumber.ts'
import { limits, wholeNumber } from '../specification/limits.ts'
import { words } from '../specification/words.ts'
import type { TaskSizes } from '../tasks/task.ts'
import { taskOfFacets, taskSizes } from '../tasks/tasks.ts'
import type { ModelDescription, ParameterDescription } from './model.ts'

export const activations = ['relu', 'leakyRelu', 'quadratic', 'tanh', 'gelu', 'identity'] as const

/** The kind that a specification need not name. */
const twoLayerSchema = z.strictObject({
  kind: z.literal('twoLayer').optional(),
  hidden: wholeNumber(limits.hidden).register(words, {
    label: 'hidden units',
    symbol: 'd_h',
    help: 'Columns of $E$, rows of $W$; the paper takes 128 and 512.',
    example: 256,
    unit: 'units',
    filter: ['d_h', 'hidden'],
  }),
  activation: z
    .enum(activations)
    .register(words, {
      label: 'activation',
      symbol: 'σ',
      help: 'Applied to each of the hidden units; leaky relu has slope 1/10.',
      choices: { leakyRelu: 'leaky relu' },
      filter: ['activation'],
    })
    .default('relu'),
  biases: z
    .boolean()
    .register(words, {
      label: 'biases',
      help: 'Whether the layers have biases $b$ and $c$, Ŷ = σ(XE + b)W + c; the paper’s network has none.',
      leftOut: 'false',
      filter: ['biases'],
    })
    .optional(),
})

const twoLayerParameters = ['E', 'b', 'W', 'c'] as const

/** Ŷ = σ(XE)W, or with biases σ(XE + b)W + c. SCIENCE.md §2. */
const twoLayer: ModelDescription<z.output<typeof twoLayerSchema>, (typeof twoLayerParameters)[number]> = {
  label: 'two layers',
  title: ({ hidden, activation, biases }, { inputs, outputs }) =>
    `${inputs} → ${formatCount(hidden)} ${activation} → ${outputs}${biases ? ', with biases' : ''}`,
  parameterNames: twoLayerParameters,
  parameters({ hidden, biases }, { inputs, outputs }) {
    const first = { columns: hidden, layer: 'first', columnsOf: 'units' } as const
    const second = { columns: outputs, layer: 'second', columnsOf: 'outputs' } as const
    const all = [
      { name: 'E', label: 'first layer', rows: inputs, rowsOf: 'inputs', ...first },
      { name: 'b', label: 'biases of the first layer', rows: 1, rowsOf: 'bias', ...first },
      { name: 'W', label: 'second layer', rows: hidden, rowsOf: 'units', ...second },
      { name: 'c', label: 'biases of the second layer', rows: 1, rowsOf: 'bias', ...second },
    ] as const
    return biases ? all : all.filter(({ rowsOf }) => rowsOf !== 'bias')
  },
  isTwoLayers: true,
  whyNoLinearReadout: ({ biases }) => (biases ? 'its layers have biases' : null),
}

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
