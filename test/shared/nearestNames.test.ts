import { describe, expect, it } from 'vitest'
import { didYouMean, nearestNames } from '../../src/shared/nearestNames.ts'
import { nearestFields } from '../../src/shared/specification/nearestFields.ts'

const draft = {
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 4 },
  dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1, steps: 3 },
}

describe('names that a mistyped one may be meant as', () => {
  it.each([
    ['weightDecay', ['dynamics.weightDecay']],
    ['weigthDecay', ['dynamics.weightDecay']],
    ['WEIGHTDECAY', ['dynamics.weightDecay']],
    ['wd', ['dynamics.weightDecay']],
    ['lr', ['dynamics.learningRate']],
    ['dynamics.learningrate', ['dynamics.learningRate']],
    ['optimizer', ['dynamics.optimizer']],
    ['optimizer.kind', ['dynamics.optimizer.kind']],
    ['optimzer.kind', ['dynamics.optimizer.kind']],
    ['steps', ['stop.steps', 'dynamics.steps']],
    ['width', []],
    ['x'.repeat(100_000), []],
    ['', []],
  ])('of %.20j are %j', (given, names) => {
    expect(nearestFields(given, draft)).toEqual(names)
  })

  it('are fields that the kinds of a specification have', () => {
    expect(nearestFields('tolerance', draft)).toEqual([])
    expect(nearestFields('tolerance', { dynamics: { kind: 'isolated' } })).toEqual(['dynamics.integrator.tolerance'])
    expect(nearestFields('learningRate', { dynamics: { kind: { toString: 1 } } })).toEqual([])
    expect(nearestFields('lr', null)).toEqual([])
  })

  it('are no name itself, and every other by one letter less', () => {
    const names = ['alpha', 'beta', 'task.gamma']
    for (const name of names) {
      expect(nearestNames(name, names)).toEqual([])
      expect(nearestNames(name.slice(0, -1), names)).toEqual([name])
    }
  })

  it('are told in words', () => {
    expect(didYouMean([])).toBe('')
    expect(didYouMean(['a'])).toBe('; did you mean a?')
    expect(didYouMean(['a', 'b', 'c'])).toBe('; did you mean a, b or c?')
  })
})
