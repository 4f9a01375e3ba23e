import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExperimentSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { activations } from '../../../src/shared/models/models.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { canonicalSpecification } from '../../../src/shared/specification/canonicalSpecification.ts'
import { facetFields } from '../../../src/shared/specification/facets.ts'
import { changed, valueAt } from '../../../src/shared/specification/paths.ts'
import { toyModelNames, toyModels } from '../../../src/shared/tasks/toy.ts'

type Tree = Record<string, unknown>

/** An object with each of its members, or without it. */
const some = (members: Record<string, fc.Arbitrary<unknown>>, always: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ ...members, ...always }, { requiredKeys: Object.keys(always) }) as fc.Arbitrary<Tree>
const oneOf = (...values: unknown[]) => fc.constantFrom(...values)
const kind = (name: string) => ({ kind: fc.constant(name) })

const stepSize = oneOf(1e-3, 1e-2, 0.5)
const integrator = fc.oneof(
  some({ stepSize }, kind('euler')),
  some({ stepSize, tolerance: oneOf(1e-3, 1e-6) }, kind('heun')),
  some({ stepSize, tolerance: oneOf(1e-3, 1e-6, 1e-9) }, kind('dormandPrince')),
)
const optimizer = fc.oneof(
  oneOf('gradientDescent', 'momentum', 'adamw'),
  some({}, kind('gradientDescent')),
  some({ momentum: oneOf(0, 0.9) }, kind('momentum')),
  some({ beta1: oneOf(0.9, 0.8), beta2: oneOf(0.999, 0.9), epsilon: oneOf(1e-8, 1e-7) }, kind('adamw')),
)
const steps = oneOf(50, 100)
const ridge = oneOf(0, 0.1)
const integrated = (name: string, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  some({ integrator, ...more }, { ...kind(name), steps })
const training = some(
  {
    optimizer,
    loss: oneOf('meanSquaredError', 'crossEntropy'),
    reduction: oneOf('mean', 'sum'),
    lossPrecision: oneOf('float64', 'float32'),
  },
  { ...kind('training'), steps, learningRate: oneOf(1, 0.1), weightDecay: oneOf(0, 1e-4) },
)
const intervention = fc.oneof(
  some({}, { ...kind('keepFrequencies'), at: oneOf(0, 9), frequencies: oneOf([1], [1, 2]) }),
  some({}, { ...kind('rescale'), at: oneOf(9), layer: oneOf('first', 'second'), factor: oneOf(1, 2) }),
  some({}, { ...kind('clampNorm'), at: oneOf(9), norm: oneOf('initial', 3) }),
)
const record = some({
  measureEvery: oneOf(10, 5),
  snapshots: oneOf('log', 'events', [1, 2]),
  memorizeThreshold: oneOf(0.99, 0.9),
  generalizeThreshold: oneOf(0.99, 0.9),
  geometry: some({ every: oneOf(100, 20), lag: oneOf(10, 5) }),
})
const rest = {
  name: oneOf('untitled', 'a name'),
  precision: oneOf('float64', 'float32'),
  seeds: oneOf([0], [1], [0, 1]),
  record,
}
const input = fc.oneof(
  some(
    {
      ...rest,
      initialization: fc.oneof(
        some({ standardDeviation: oneOf('p^-1/2', 'p^-1/4', 0.2) }, kind('normal')),
        some({}, kind('uniform')),
        some({}, { ...kind('trained'), steps: oneOf(5), learningRate: oneOf(1), weightDecay: oneOf(0) }),
        some({}, { ...kind('file'), path: oneOf('start.npz') }),
      ),
      interventions: fc.array(intervention, { maxLength: 2 }),
    },
    {
      task: some({}, { ...kind('modularAddition'), modulus: oneOf(5, 7), trainFraction: oneOf(0.5, 0.7) }),
      network: some({ activation: fc.constantFrom(...activations) }, { hidden: oneOf(32, 64) }),
      dynamics: fc.oneof(training, integrated('isolated', { ridge }), integrated('zeroLossFlow')),
    },
  ),
  some(
    { ...rest, network: oneOf({ hidden: 1, activation: 'identity' }, { hidden: 1 }, { hidden: 2 }) },
    {
      task: fc
        .constantFrom(...toyModelNames)
        .map((model) => ({ kind: 'toy', model, start: toyModels[model].parameters.map((_, i) => i + 0.5) })),
      dynamics: integrated('gradientFlow', { ridge }),
    },
  ),
)

/** What specifications can mean, and one way to write each; those whose fields do not fit one another are left out. */
const written = input
  .map((given) => ({ given, spec: parsed(given) }))
  .filter((each) => each.spec !== undefined) as fc.Arbitrary<{
  given: Tree
  spec: ExperimentSpec
}>

function parsed(given: unknown): ExperimentSpec | undefined {
  try {
    return parseExperiment(given)
  } catch (error) {
    if (error instanceof LabError && error.code === 'INVALID_SPECIFICATION') return undefined
    throw error
  }
}

/** The shortest form with some of what it leaves out written down. */
function partlyWritten(short: Tree, whole: Tree, coin: () => boolean): Tree {
  const entries = Object.entries(whole).flatMap(([name, value]): [string, unknown][] => {
    if (!Object.hasOwn(short, name)) return coin() && value !== undefined ? [[name, value]] : []
    const isPart = typeof value === 'object' && value !== null && !Array.isArray(value)
    return [[name, isPart ? partlyWritten(short[name] as Tree, value as Tree, coin) : short[name]]]
  })
  return Object.fromEntries(entries)
}

const thorough = { numRuns: 1000, seed: 11 }

const without = ({ name: _, ...spec }: ExperimentSpec) => spec

describe('the canonical form of a specification', () => {
  it('is the same however many of the defaults are written', () => {
    fc.assert(
      fc.property(written, fc.infiniteStream(fc.boolean()), ({ spec }, coins) => {
        const form = canonicalSpecification(spec)
        const coin = () => coins.next().value as boolean
        expect(canonicalSpecification(parseExperiment(partlyWritten(form, spec, coin)))).toEqual(form)
        expect(canonicalSpecification(parseExperiment(spec))).toEqual(form)
      }),
      thorough,
    )
  })

  it('is a specification that means the same, so that two of other meaning never share it, and its own canonical form', () => {
    fc.assert(
      fc.property(written, ({ spec }) => {
        const form = canonicalSpecification(spec)
        const again = parseExperiment(form)
        expect(without(again)).toEqual(without(spec))
        expect(canonicalSpecification(again)).toEqual(form)
      }),
      thorough,
    )
  })

  it('leaves nothing out that a specification must have, and writes no default', () => {
    fc.assert(
      fc.property(written, ({ spec }) => {
        const form = canonicalSpecification(spec)
        for (const { path, isRequired, fallback, where, type } of facetFields) {
          const value = valueAt(form, path)
          const part = path.slice(0, Math.max(0, path.lastIndexOf('.')))
          const isThere =
            (part === '' || valueAt(spec, part) !== undefined) &&
            where.some((set) => set.every((each) => valueAt(spec, each.path) === each.value))
          const isToyNetwork = 'task' in spec && spec.task.kind === 'toy' && path.startsWith('network.')
          if (isRequired && isThere && !isToyNetwork) expect([path, value]).not.toEqual([path, undefined])
          if (where.length === 1 && type !== 'kind' && fallback !== undefined)
            expect([path, value]).not.toEqual([path, fallback])
        }
        expect(Object.hasOwn(form, 'name')).toBe(false)
      }),
      thorough,
    )
  })

  it('is short: of what is all default, what had to be said', () => {
    const task = { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 }
    const network = { hidden: 512 }
    const shortest = { task, network, dynamics: { kind: 'isolated', steps: 100 } }
    expect(canonicalSpecification(parseExperiment(shortest))).toEqual(shortest)
    // Which integrator is the usual one depends on the dynamics, and its own settings do not.
    const flow = (integrator: object) =>
      canonicalSpecification(
        parseExperiment({ task, network, dynamics: { kind: 'zeroLossFlow', steps: 100, integrator } }),
      )
    expect(flow({ kind: 'heun', tolerance: 1e-3 })['dynamics']).toEqual({ kind: 'zeroLossFlow', steps: 100 })
    expect(flow({ kind: 'heun' })['dynamics']).toMatchObject({ integrator: { kind: 'heun' } })
    expect(flow({ kind: 'euler', stepSize: 1e-3 })['dynamics']).toMatchObject({ integrator: { kind: 'euler' } })
  })

  it('differs wherever one field differs', () => {
    const spec = parseExperiment({
      task: { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 },
      network: { hidden: 512 },
      dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-4, optimizer: 'adamw', steps: 100 },
      record: { geometry: {} },
    })
    const others: Record<string, unknown> = {
      'task.modulus': 31,
      'task.trainFraction': 0.6,
      'network.hidden': 511,
      'network.activation': 'tanh',
      'initialization.standardDeviation': 'p^-1/4',
      'dynamics.optimizer.beta1': 0.8,
      'dynamics.optimizer.beta2': 0.99,
      'dynamics.optimizer.epsilon': 1e-7,
      'dynamics.learningRate': 0.5,
      'dynamics.weightDecay': 0,
      'dynamics.reduction': 'sum',
      'dynamics.steps': 101,
      interventions: [{ kind: 'clampNorm', at: 0, norm: 'initial' }],
      seeds: [1],
      'record.measureEvery': 11,
      'record.snapshots': 'events',
      'record.memorizeThreshold': 0.9,
      'record.generalizeThreshold': 0.9,
      'record.geometry.every': 99,
      'record.geometry.lag': 9,
      'record.geometry': undefined,
    }
    const forms = Object.entries(others).map(([path, value]) =>
      JSON.stringify(canonicalSpecification(parseExperiment(changed(spec, [{ path, value }])))),
    )
    expect(new Set([JSON.stringify(canonicalSpecification(spec)), ...forms]).size).toBe(forms.length + 1)
  })
})
