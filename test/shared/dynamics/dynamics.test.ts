import { expect, it } from 'vitest'
import { dynamicsOf } from '../../../src/shared/dynamics/dynamics.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'

it('names the precision of a softmax only where one is asked for: else the backend has its own', () => {
  const titleOf = (changes: { lossPrecision?: 'float32' }) => {
    const experiment = parseExperiment({
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
      network: { hidden: 8 },
      precision: 'float32',
      dynamics: {
        ...{ kind: 'training', optimizer: 'adamw', loss: 'crossEntropy', learningRate: 1e-3, weightDecay: 1, steps: 5 },
        ...changes,
      },
    })
    if (!('dynamics' in experiment)) throw new TypeError('no study was asked for')
    return dynamicsOf(experiment.dynamics).title(experiment.dynamics)
  }
  expect(titleOf({})).toBe('cross-entropy, mean, decay 1')
  expect(titleOf({ lossPrecision: 'float32' })).toBe('cross-entropy in float32, mean, decay 1')
})
