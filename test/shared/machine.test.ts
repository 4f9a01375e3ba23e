import { describe, expect, it } from 'vitest'
import { payingDevices, whyNotComputed, type BackendDescription } from '../../src/shared/machine.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { templates } from '../../src/shared/specification/templates.ts'

const device: BackendDescription = {
  kind: 'tensorflow',
  description: 'a GPU',
  available: true,
  reason: null,
  install: null,
  advice: null,
  precisions: ['float32'],
  chosen: false,
  choice: null,
  multiplyAddsPerSecond: 1e12,
  paysFrom: 2e8,
}
const processor: BackendDescription = { ...device, kind: 'plain', chosen: true }
const training = parseExperiment(templates.training)

describe('a device', () => {
  it('says what it does not compute, by field and value', () => {
    const inFloat32 = parseExperiment({ ...templates.training, precision: 'float32' })
    const biased = parseExperiment({ ...templates.training, network: { ...templates.training.network, biases: true } })
    const isolated = parseExperiment(templates.isolated)
    const study = parseExperiment(templates.multiScaleFeatures)
    expect(whyNotComputed(inFloat32, 'webgpu')).toBeNull()
    expect(whyNotComputed(training, 'tensorflow')).toMatch(/^precision: "float64" is not allowed with TensorFlow/)
    expect(whyNotComputed(isolated, 'webgpu')).toMatch(/^dynamics.kind: "isolated" is not allowed with WebGPU/)
    const biasedInFloat32 = { ...biased, precision: 'float32' } as typeof biased
    expect(whyNotComputed(biasedInFloat32, 'webgpu')).toBeNull()
    expect(whyNotComputed(biasedInFloat32, 'tensorflow')).toBeNull()
    expect(whyNotComputed(inFloat32, 'cuda')).toBe(
      'precision: "float32" is not allowed with CUDA, which computes in "float64"',
    )
    for (const each of [isolated, biased, study])
      expect(whyNotComputed({ ...each, precision: 'float64' } as typeof each, 'cuda')).toBeNull()
    expect(whyNotComputed(inFloat32, 'blas')).toBeNull()
    expect(whyNotComputed(study, 'webgpu')).toMatch(/^study: WebGPU .* no study$/)
  })
})

describe('the size from which a device pays', () => {
  it('is said of what it can train', () => {
    const other: BackendDescription = { ...device, kind: 'webgpu', paysFrom: 1e6 }
    expect(payingDevices(training, [processor, other, device])).toEqual([
      { kind: 'webgpu', paysFrom: 1e6 },
      { kind: 'tensorflow', paysFrom: 2e8 },
    ])
  })

  it.each(['isolated', 'zeroLossFlow', 'toy', 'multiScaleFeatures'] as const)('is not said of %s', (name) => {
    expect(payingDevices(parseExperiment(templates[name]), [processor, device])).toEqual([])
  })

  it('is not said where it was not found', () => {
    expect(payingDevices(training, [processor])).toEqual([])
    expect(payingDevices(training, [processor, { ...device, available: false }])).toEqual([])
  })
})
