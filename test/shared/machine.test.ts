import { describe, expect, it } from 'vitest'
import { tensorflowPaysFrom, type BackendDescription } from '../../src/shared/machine.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { templates } from '../../src/shared/specification/templates.ts'

const device: BackendDescription = {
  kind: 'tensorflow',
  description: 'a GPU',
  available: true,
  reason: null,
  install: null,
  precisions: ['float32'],
  chosen: false,
  choice: null,
  multiplyAddsPerSecond: 1e12,
  paysFrom: 2e8,
}
const processor: BackendDescription = { ...device, kind: 'plain', chosen: true }
const training = parseExperiment(templates.training)

describe('the size from which TensorFlow pays', () => {
  it('is said of what it can train', () => {
    expect(tensorflowPaysFrom(training, [processor, device])).toBe(2e8)
  })

  it.each(['isolated', 'zeroLossFlow', 'toy', 'multiScaleFeatures'] as const)('is not said of %s', (name) => {
    expect(tensorflowPaysFrom(parseExperiment(templates[name]), [processor, device])).toBeNull()
  })

  it('is not said of layers with biases', () => {
    const biased = parseExperiment({ ...templates.training, network: { ...templates.training.network, biases: true } })
    expect(tensorflowPaysFrom(biased, [processor, device])).toBeNull()
  })

  it('is not said where it was not found', () => {
    expect(tensorflowPaysFrom(training, [processor])).toBeNull()
    expect(tensorflowPaysFrom(training, [processor, { ...device, available: false }])).toBeNull()
  })
})
