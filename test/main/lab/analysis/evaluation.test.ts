import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../../src/main/lab/analysis/evaluation.ts'
import { denseAddition, modularAddition } from '../../../support/modularAddition.ts'
import { drawSplit } from '../../../../src/main/lab/tasks/split.ts'
import { activationFunctions } from '../../../../src/main/lab/network/activations.ts'
import { drawInitialWeights } from '../../../../src/main/lab/network/initialWeights.ts'
import { isTokens } from '../../../../src/main/lab/network/inputs.ts'
import type { Samples } from '../../../../src/main/lab/network/model.ts'
import { twoLayerNetwork, type TwoLayerNetwork } from '../../../support/twoLayerNetwork.ts'
import type { Activation } from '../../../../src/shared/experiment.ts'
import { backends } from '../../../support/backends.ts'
import { entriesOf } from '../../../support/entries.ts'

/** Straight from the definitions, one sample at a time. */
function evaluateByHand(network: TwoLayerNetwork, { X, classes }: Samples) {
  const { E, W } = network
  const { value } = activationFunctions[network.activation]
  if (!isTokens(X) || !classes) throw new Error('tokens and classes are expected')
  const results = [...classes].map((right, i) => {
    const [a, b] = [X.indices[2 * i]!, X.indices[2 * i + 1]!]
    const hidden = Array.from({ length: E.columns }, (_, u) =>
      value(entriesOf(E)[a * E.columns + u]! + entriesOf(E)[b * E.columns + u]!),
    )
    const output = Array.from({ length: W.columns }, (_, o) =>
      hidden.reduce((sum, h, u) => sum + h * entriesOf(W)[u * W.columns + o]!, 0),
    )
    const largest = Math.max(...output)
    return {
      squaredError: output.reduce((sum, value, o) => sum + (value - (o === right ? 1 : 0)) ** 2, 0),
      isRight: output.indexOf(largest) === right,
      margin: output[right]! - Math.max(...output.filter((_, o) => o !== right)),
      crossEntropy: Math.log(output.reduce((sum, value) => sum + Math.exp(value), 0)) - output[right]!,
    }
  })
  const sum = (pick: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + pick(result), 0)
  return {
    squaredError: sum((result) => result.squaredError),
    meanSquaredError: sum((result) => result.squaredError) / (results.length * W.columns),
    accuracy: sum((result) => Number(result.isRight)) / results.length,
    smallestMargin: Math.min(...results.map(({ margin }) => margin)),
    meanMargin: sum((result) => result.margin) / results.length,
    crossEntropy: sum((result) => result.crossEntropy) / results.length,
  }
}

describe.each(backends)('measurements on $name', ({ open }) => {
  // 49·50/2 = 1225 pairs: with 1100 to train on, more rows than are measured at once.
  it.each([
    { p: 7, trainSize: 20, hidden: 9, activation: 'tanh' },
    { p: 49, trainSize: 1100, hidden: 6, activation: 'relu' },
    { p: 49, trainSize: 60, hidden: 6, activation: 'gelu' },
  ] as const)('are those of the definitions (p = $p, n = $trainSize)', async ({ p, trainSize, hidden, activation }) => {
    const network = await createRandom(p, trainSize, hidden, activation)
    const [train, test] = [evaluateByHand(network, network.train), evaluateByHand(network, network.test)]
    const values = createEvaluator(network, { loss: 'crossEntropy' })()
    const expected = {
      trainLoss: train.squaredError,
      testMse: test.meanSquaredError,
      trainAccuracy: train.accuracy,
      testAccuracy: test.accuracy,
      trainMargin: train.smallestMargin,
      testMargin: test.meanMargin,
      trainCrossEntropy: train.crossEntropy,
      testCrossEntropy: test.crossEntropy,
      firstLayerNormSquared: network.backend.dot(network.E, network.E),
      secondLayerNormSquared: network.backend.dot(network.W, network.W),
    }
    expect(Object.keys(values).sort()).toEqual(Object.keys(expected).sort())
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs(values[name as keyof typeof expected]! - value)).toBeLessThan(
        1e-11 * Math.max(1, Math.abs(value)),
      )
    }
    const trained = createEvaluator(network, { loss: 'meanSquaredError' })()
    expect(trained.trainMse).toBeCloseTo(train.meanSquaredError, 13)
  })

  it('are of dense inputs and real targets what they are of tokens, in more rows than are measured at once', async () => {
    const tokens = await createRandom(49, 1100, 6, 'relu')
    const data = denseAddition(49)
    const dense = twoLayerNetwork(tokens.backend, data, drawSplit(data.size, 1100, 1), 6, 'relu')
    for (const name of ['E', 'W'] as const) tokens.backend.axpby(1, tokens[name], 0, dense[name])
    const [expected, values] = [tokens, dense].map((network) => createEvaluator(network)())
    expect(Object.keys(values!).sort()).toEqual([
      'firstLayerNormSquared',
      'secondLayerNormSquared',
      'testMse',
      'trainLoss',
    ])
    for (const [name, value] of Object.entries(values!)) {
      expect(value / expected![name as 'testMse']!).toBeCloseTo(1, 12)
    }
  })

  it('have no test part where nothing is held out, and no loss but the squared error of a network not in training', async () => {
    const network = await createRandom(7, 28, 9, 'relu')
    expect(Object.keys(createEvaluator(network)()).sort()).toEqual([
      'firstLayerNormSquared',
      'secondLayerNormSquared',
      'trainAccuracy',
      'trainLoss',
      'trainMargin',
    ])
  })

  it('have no margin where there is but one class, which no other answer rivals', async () => {
    const { size, inputs, X } = modularAddition(5)
    const one = { size, inputs, outputs: 1, X, targets: { kind: 'classes' as const, classes: new Int32Array(size) } }
    const values = createEvaluator(twoLayerNetwork(await open(), one, drawSplit(size, 9, 1), 6, 'relu'))()
    expect(values).toMatchObject({ trainAccuracy: 1, testAccuracy: 1, trainMargin: NaN, testMargin: NaN })
  })

  it('take the first of equal outputs as the prediction, as argmax does', async () => {
    const network = await createRandom(7, 20, 9, 'relu')
    entriesOf(network.W).fill(0)
    const values = createEvaluator(network)()
    const right = network.test.classes!
    const shareOfZero = right.filter((each) => each === 0).length / right.length
    expect(values.testAccuracy).toBe(shareOfZero)
    expect(values.testMargin).toBe(0)
    expect(values.testMse).toBeCloseTo(1 / 7, 15)
    expect(values.trainLoss).toBe(20)
  })

  it('stay finite where exponents would not', async () => {
    const network = await createRandom(7, 20, 9, 'relu')
    for (const M of [network.E, network.W]) network.backend.scale(1e4, M)
    const { trainCrossEntropy } = createEvaluator(network, { loss: 'crossEntropy' })()
    expect(trainCrossEntropy).toBeGreaterThan(1e4)
    expect(trainCrossEntropy).toBeLessThan(Infinity)
  })

  async function createRandom(
    p: number,
    trainSize: number,
    hidden: number,
    activation: Activation,
  ): Promise<TwoLayerNetwork> {
    const task = modularAddition(p)
    const network = twoLayerNetwork(await open(), task, drawSplit(task.size, trainSize, 1), hidden, activation)
    drawInitialWeights(network.backend, { kind: 'normal', standardDeviation: 'p^-1/2' }, 1, network.E, network.W)
    return network
  }
})
