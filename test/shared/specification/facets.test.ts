import { describe, expect, it } from 'vitest'
import { toRunSpec, type ComposedInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { findRunField } from '../../../src/shared/query/runFields.ts'
import { facetFields, facetsOf } from '../../../src/shared/specification/facets.ts'

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
