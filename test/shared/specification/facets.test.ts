import { describe, expect, it } from 'vitest'
import { toRunSpec, type ComposedInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { nameOfField } from '../../../src/shared/map/mapAxis.ts'
import { findRunField } from '../../../src/shared/query/runFields.ts'
import { facetFields, facetsOf, mostEntries } from '../../../src/shared/specification/facets.ts'

const task = { kind: 'modularAddition', modulus: 7, trainFraction: 0.5 }
const training = { kind: 'training', learningRate: 1e-3, weightDecay: 0.1, steps: 1 }
const isolated = { kind: 'isolated', ridge: 0.1, steps: 1 }
const euler = { kind: 'euler', stepSize: 0.1 }

function facetsWith(more: object) {
  const spec = parseExperiment({ task, network: { hidden: 16 }, dynamics: training, ...more } as ComposedInput)
  return facetsOf(toRunSpec(spec, 0))
}

describe('what is left out of a specification', () => {
  const cases: [path: string, left: object, said: object][] = [
    ['network.kind', {}, { network: { kind: 'twoLayer', hidden: 16 } }],
    ['network.biases', {}, { network: { hidden: 16, biases: false } }],
    ['initialization.scale', {}, { initialization: { kind: 'normal', standardDeviation: 'p^-1/2', scale: 1 } }],
    ['dynamics.lossPrecision', {}, { dynamics: { ...training, lossPrecision: 'float64' } }],
    ...(['momentum', 'adamw'] as const).map((optimizer): [string, object, object] => {
      const weightDecayKind = optimizer === 'adamw' ? 'decoupled' : 'l2'
      return [
        'dynamics.weightDecayKind',
        { dynamics: { ...training, optimizer } },
        { dynamics: { ...training, optimizer, weightDecayKind } },
      ]
    }),
    [
      'dynamics.integrator.tolerance',
      { dynamics: { ...isolated, integrator: euler } },
      { dynamics: { ...isolated, integrator: { ...euler, tolerance: 'none' } } },
    ],
    [
      'dynamics.integrator.output',
      { dynamics: { ...isolated, integrator: { kind: 'dormandPrince' } } },
      { dynamics: { ...isolated, integrator: { kind: 'dormandPrince', output: 'stepEnds' } } },
    ],
  ]

  it.each(cases)('is found as what holds then: %s', (path, left, said) => {
    const facets = facetsWith(left)
    expect(facets).toHaveProperty([path])
    expect(facets).toEqual(facetsWith(said))
  })

  it('is declared of every field that has such a value', () => {
    const declared = facetFields.filter(({ words }) => words.leftOut !== undefined).map(({ path }) => path)
    expect(new Set(cases.map(([path]) => path))).toEqual(new Set(declared))
  })

  it('is not there in a part that is not, nor where its kind has it not', () => {
    expect(facetsWith({})).not.toHaveProperty(['dynamics.integrator.output'])
    expect(facetsWith({ dynamics: isolated })).not.toHaveProperty(['dynamics.weightDecayKind'])
    expect(facetsOf({})).toEqual({})
  })

  it('of a switch is a word that filters know', () => {
    expect(findRunField('biases')).toMatchObject({ words: ['true', 'false'] })
  })
})

describe('facets of lists', () => {
  const facetsOfLong = (more: object) => facetsWith({ dynamics: { ...training, steps: 50 }, ...more })
  const remove = (...frequencies: number[]) => ({ kind: 'removeFrequencies', at: 5, frequencies })
  const clamp = (norm: number | 'initial', at = 5) => ({ kind: 'clampNorm', at, norm })
  const first = (count: number, from = 0) => Array.from({ length: count }, (_, place) => place + from)
  const split = (train: number[]) => ({
    task: { kind: 'modularAddition', modulus: 7, split: { kind: 'given', train } },
  })
  const flow = { kind: 'gradientFlow', steps: 1 }
  const toy = (...start: number[]) => ({
    task: { kind: 'toy', model: 'twoWeightLinear', start },
    network: undefined,
    dynamics: flow,
  })
  const many = (count: number, norm: number) => ({ interventions: first(count).map((at) => clamp(norm, at)) })

  it.each<[string, object, object]>([
    ['the kind of an intervention', { interventions: [clamp(2)] }, { interventions: [remove(2)] }],
    ['its number', { interventions: [clamp(2)] }, { interventions: [clamp(3)] }],
    ['a number for a word', { interventions: [clamp(2)] }, { interventions: [clamp('initial')] }],
    ['its step', { interventions: [clamp(2, 1)] }, { interventions: [clamp(2, 0)] }],
    ['its frequencies', { interventions: [remove(1)] }, { interventions: [remove(2)] }],
    ['how many these are', { interventions: [remove(1)] }, { interventions: [remove(1, 2)] }],
    ['their order', { interventions: [clamp(2), remove(1)] }, { interventions: [remove(1), clamp(2)] }],
    ['one of many of them', many(mostEntries + 4, 2), many(mostEntries + 4, 3)],
    ['the samples of a split', split(first(mostEntries + 4)), split(first(mostEntries + 4, 1))],
    ['the order of a list', split([0, 1]), split([1, 0])],
    ['the start of a closed model', toy(1, 0.5), toy(1, 0.25)],
    ['the steps of snapshots', { record: { snapshots: [0] } }, { record: { snapshots: [1] } }],
  ])('differ where specifications differ in %s', (_, one, other) => {
    expect(facetsOfLong(one)).not.toEqual(facetsOfLong(other))
    expect(facetsOfLong(one)).toEqual(facetsOfLong(structuredClone(one)))
  })

  it('are under the paths of the entries, as the axes of a sweep name them, of long lists a digest alone', () => {
    const facets = facetsOfLong({ interventions: [clamp(2), remove(1, 3)], record: { snapshots: [0, 10] } })
    expect(facets).toMatchObject({
      interventions: 2,
      'interventions.0.kind': 'clampNorm',
      'interventions.0.at': 5,
      'interventions.0.norm': 2,
      'interventions.1.frequencies': '[1,3]',
      'record.snapshots': 2,
      'record.snapshots.1': 10,
    })
    const long = facetsOfLong(split(first(mostEntries + 1)))
    expect(Object.keys(long).filter((path) => path.startsWith('task.split.train'))).toEqual([
      'task.split.train',
      'task.split.train[]',
    ])
    expect(long).toMatchObject({ 'task.split.train': mostEntries + 1 })
    expect(nameOfField('task.split.train[]')).toBe(nameOfField('task.split.train'))
    const [decay, later] = ['interventions.0.value', 'interventions.1.value'].map(nameOfField)
    expect(new Set([decay, later, nameOfField('dynamics.weightDecay')]).size).toBe(3)
  })
})
