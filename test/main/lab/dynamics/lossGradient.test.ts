import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../../src/main/lab/analysis/evaluation.ts'
import { lossGradient } from '../../../../src/main/lab/dynamics/lossGradient.ts'
import { losses } from '../../../../src/shared/dynamics/losses.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import { smallNetwork } from '../../../support/smallNetwork.ts'
import { multiplyInputs } from '../../../../src/main/lab/network/inputs.ts'
import { entriesOf } from '../../../support/entries.ts'

const cases = activations.flatMap((activation) => losses.map((loss) => ({ activation, loss })))

describe('the gradient of the training loss', () => {
  it.each(cases)('agrees with central differences ($activation, $loss)', ({ activation, loss }) => {
    const network = smallNetwork(activation)
    expect(nearestKink(network)).toBeGreaterThan(1e-4)
    const field = lossGradient(network, { loss, reduction: 'mean' })
    field.evaluate()
    const claimed = field.gradient.map((M) => entriesOf(M).slice())
    const h = 1e-5
    ;[network.E, network.W].forEach((M, layer) => {
      const data = entriesOf(M)
      data.forEach((value, at) => {
        data[at] = value + h
        const ahead = field.evaluate()
        data[at] = value - h
        const behind = field.evaluate()
        data[at] = value
        expect(Math.abs((ahead - behind) / (2 * h) - claimed[layer]![at]!)).toBeLessThan(1e-9)
      })
    })
  })

  it.each(losses)('is, summed, the mean times the number of terms (%s)', (loss) => {
    const network = smallNetwork('tanh')
    const terms = loss === 'meanSquaredError' ? entriesOf(network.train.Y).length : network.train.Y.rows
    const mean = lossGradient(network, { loss, reduction: 'mean' })
    const sum = lossGradient(network, { loss, reduction: 'sum' })
    expect(sum.evaluate()).toBeCloseTo(terms * mean.evaluate(), 12)
    expect(sum.norm()).toBeCloseTo(terms * mean.norm(), 12)
  })
})

describe('the measured loss', () => {
  it.each(losses)('is the loss that is trained on, as a mean (%s)', (loss) => {
    const network = smallNetwork('gelu')
    const measured = createEvaluator(network, { loss })()
    const trained = lossGradient(network, { loss, reduction: 'mean' }).evaluate()
    const name = loss === 'crossEntropy' ? 'trainCrossEntropy' : 'trainMse'
    expect(measured[name]).toBeCloseTo(trained, 13)
  })
})

/** Smallest |XE|: how far relu and leaky relu are from their corner. */
function nearestKink({ backend, train, E }: ReturnType<typeof smallNetwork>): number {
  const Z = backend.matrix(train.X.rows, E.columns)
  multiplyInputs(backend, train.X, E, Z)
  return Array.from(entriesOf(Z)).reduce((min, value) => Math.min(min, Math.abs(value)), Infinity)
}
