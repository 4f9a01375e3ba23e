import { describe, expect, it } from 'vitest'
import { createEvaluator } from '../../../../src/main/lab/analysis/evaluation.ts'
import { isolatedField } from '../../../../src/main/lab/dynamics/isolatedField.ts'
import { lossGradient } from '../../../../src/main/lab/dynamics/lossGradient.ts'
import { drawInitialWeights } from '../../../../src/main/lab/network/initialWeights.ts'
import { withParameters } from '../../../../src/main/lab/network/network.ts'
import { twoLayerNetwork, type TwoLayerNetwork } from '../../../support/twoLayerNetwork.ts'
import { zeroLossSet } from '../../../../src/main/lab/network/zeroLossSet.ts'
import { drawSplit } from '../../../../src/main/lab/tasks/split.ts'
import { backends } from '../../../support/backends.ts'
import { denseAddition, modularAddition } from '../../../support/modularAddition.ts'
import { largestDifference } from '../../../support/runs.ts'
import { entriesOf } from '../../../support/entries.ts'

describe.each(backends)('$name', ({ open }) => {
  it('computes of dense inputs and real targets what it computes of tokens and classes', async () => {
    const backend = await open()
    const networks = [modularAddition(5), denseAddition(5)].map((data): TwoLayerNetwork => {
      const network = twoLayerNetwork(backend, data, drawSplit(data.size, 9, 2), 14, 'tanh')
      drawInitialWeights(backend, { kind: 'normal', standardDeviation: 0.8 }, 2, network.E, network.W)
      return network
    })
    const same = (compute: (network: TwoLayerNetwork) => ArrayLike<number>) => {
      const [ofTokens, ofDense] = networks.map((network) => Array.from(compute(network)))
      expect(ofTokens!.length).toBeGreaterThan(0)
      expect(largestDifference(ofTokens!, ofDense!)).toBeLessThan(1e-9)
    }
    same((network) => {
      const field = lossGradient(network, { loss: 'meanSquaredError', reduction: 'mean' })
      return [field.evaluate(), ...field.gradient.flatMap((M) => [...entriesOf(M)])]
    })
    same((network) => {
      const velocity = backend.matrix(5, 14)
      isolatedField(network, 0).evaluate([velocity])
      return entriesOf(velocity)
    })
    for (const solver of ['cholesky', 'conjugateGradients'] as const) {
      same(({ ...network }) => {
        const [E, W] = [backend.matrix(5, 14), backend.matrix(14, 5)]
        backend.axpby(1, network.E, 0, E)
        backend.axpby(1, network.W, 0, W)
        zeroLossSet(withParameters(network, [E, W]), { solver }).project()
        return [...entriesOf(E), ...entriesOf(W)]
      })
    }
    const [ofTokens, ofDense] = networks.map((network) => createEvaluator(network, { loss: 'meanSquaredError' })())
    const classes = ['trainAccuracy', 'testAccuracy', 'trainMargin', 'testMargin']
    expect(Object.keys(ofDense!)).toEqual(Object.keys(ofTokens!).filter((name) => !classes.includes(name)))
    for (const [name, value] of Object.entries(ofDense!)) {
      expect(value).toBeCloseTo(ofTokens![name as 'testMse']!, 12)
    }
    backend.close()
  })
})
