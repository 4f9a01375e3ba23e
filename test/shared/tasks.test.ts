import { describe, expect, it } from 'vitest'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { facetsOf } from '../../src/shared/specification/facets.ts'
import { describeTask, hasClasses, isOfNetwork, taskOfFacets, taskSizes } from '../../src/shared/tasks/tasks.ts'

const specOf = (task: object, more: object = {}) =>
  parseExperiment({
    task,
    network: { hidden: 4096 },
    dynamics: { kind: 'training', learningRate: 1, weightDecay: 0, steps: 1 },
    ...more,
  })
const problemOf = (task: object) => {
  try {
    specOf(task)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('a task', () => {
  it('has the pairs and inputs that its operation allows, without being told', () => {
    const fields = (kind: string) => {
      const { task } = specOf({ kind, modulus: 7, trainFraction: 0.5 })
      return 'pairs' in task ? [task.pairs, task.inputs, task.split] : []
    }
    expect(fields('modularAddition')).toEqual(['unordered', 'sum', { kind: 'random' }])
    expect(fields('modularDivision')).toEqual(['ordered', 'concatenated', { kind: 'random' }])
  })

  it.each([
    [{ kind: 'modularDivision', modulus: 12 }, /task.modulus: 12 .* needs a prime/],
    [{ kind: 'modularSubtraction', modulus: 7, pairs: 'unordered' }, /task.pairs: "unordered" .* "ordered"/],
    [{ kind: 'modularAddition', modulus: 7, pairs: 'ordered' }, /task.inputs: .* two samples of ordered pairs/],
    [{ kind: 'modularCubic', modulus: 7, inputs: 'sum' }, /task.inputs: "sum" .* two samples/],
    [{ kind: 'modularAddition', modulus: 7, trainFraction: 0.001 }, /0 training and 28 test samples of 28/],
    [{ kind: 'modularAddition', modulus: 7, split: { kind: 'given', train: [28] } }, /train.0: 28 .* 0 to 27/],
    [
      { kind: 'modularAddition', modulus: 7, split: { kind: 'given', train: [1, 1] } },
      /each sample may appear only once/,
    ],
    [{ kind: 'modularAddition', modulus: 7, split: { kind: 'given', train: [1] } }, /lists 1/],
    [{ kind: 'sparseParity', bits: 5, parityBits: 6, samples: 20 }, /task.parityBits: 6 .* there are 5 bits/],
    [{ kind: 'sparseParity', bits: 4, parityBits: 2, samples: 17 }, /task.samples: 17 .* there are 16 inputs/],
    [{ kind: 'sparseParity', bits: 9, parityBits: 2, samples: 17, split: { kind: 'block' } }, /task.split.kind/],
  ])('that cannot be is refused in words: %j', (task, message) => {
    expect(problemOf({ trainFraction: 0.5, ...task })).toMatch(message)
  })

  it('of a list of samples needs no share of them', () => {
    const { task } = specOf({ kind: 'modularAddition', modulus: 3, split: { kind: 'given', train: [0, 2, 5] } })
    expect(taskSizes(task)).toMatchObject({ total: 6, train: 3, test: 3 })
  })

  it('is known again by the scalars of its run', () => {
    const given: [object, object][] = [
      [{ kind: 'modularAddition', modulus: 7, trainFraction: 0.5 }, {}],
      [{ kind: 'modularDivision', modulus: 7, trainFraction: 0.5, split: { kind: 'strip' } }, {}],
      [{ kind: 'sparseParity', bits: 9, parityBits: 2, samples: 17, trainFraction: 1 }, {}],
    ]
    for (const [task] of given) {
      const spec = specOf(task)
      const facets = facetsOf(spec)
      expect(taskOfFacets(facets)).toEqual(spec.task)
      expect(isOfNetwork(facets)).toBe(true)
    }
    const listed = specOf({ kind: 'modularAddition', modulus: 3, split: { kind: 'given', train: [0, 2, 5] } })
    expect(taskSizes(taskOfFacets(facetsOf(listed))!)).toEqual(taskSizes(listed.task))
    // As a run of an older version has them, and one of a newer.
    expect(
      taskOfFacets({ 'task.kind': 'modularAddition', 'task.modulus': 7, 'task.trainFraction': 0.5 }),
    ).not.toBeNull()
    expect(taskOfFacets({ 'task.kind': 'teleport' })).toBeNull()
    expect([{}, { 'task.kind': 'teleport' }, { 'task.kind': 'toy' }].map(isOfNetwork)).toEqual([false, false, false])
  })

  it('has classes, and so an accuracy, or real targets, by the scalars of its run', () => {
    const ofData = (targets: string) => ({
      'task.kind': 'dataset',
      'task.path': 'data.npz',
      'task.trainFraction': 0.5,
      'task.content.hash': '0'.repeat(64),
      'task.content.samples': 10,
      'task.content.features': 3,
      'task.content.outputs': 2,
      'task.content.targets': targets,
    })
    expect(hasClasses(facetsOf(specOf({ kind: 'modularAddition', modulus: 7, trainFraction: 0.5 })))).toBe(true)
    expect([ofData('classes'), ofData('real')].map(hasClasses)).toEqual([true, false])
    expect([{}, { 'task.kind': 'toy' }].map(hasClasses)).toEqual([false, false])
  })

  it('has names for every input and output', () => {
    for (const task of [
      { kind: 'modularSubtraction', modulus: 5, trainFraction: 0.5 },
      { kind: 'sparseParity', bits: 9, parityBits: 2, samples: 17, trainFraction: 1 },
    ]) {
      const spec = specOf(task).task
      const { inputNames, outputNames } = describeTask(spec)
      const { inputs, outputs } = taskSizes(spec)
      for (const names of Object.values(inputNames(spec))) expect(names).toHaveLength(inputs)
      for (const names of Object.values(outputNames(spec))) expect(names).toHaveLength(outputs)
    }
  })

  it('has a frequency for an intervention only where it has a symmetry', () => {
    const keep = { interventions: [{ at: 0, kind: 'keepFrequencies', frequencies: [1] }] }
    expect(() => specOf({ kind: 'modularMultiplication', modulus: 8, trainFraction: 0.5 }, keep)).toThrow(
      /frequencies of a · b mod 8 are those of a cyclic symmetry, and it has none/,
    )
    // The nonzero tokens modulo 7 are a cycle of six.
    const beyond = { interventions: [{ at: 0, kind: 'keepFrequencies', frequencies: [4] }] }
    expect(() => specOf({ kind: 'modularMultiplication', modulus: 7, trainFraction: 0.5 }, beyond)).toThrow(/1 to 3/)
    expect(() => specOf({ kind: 'modularMultiplication', modulus: 7, trainFraction: 0.5 }, keep)).not.toThrow()
  })
})
