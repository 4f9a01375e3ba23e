import { describe, expect, it } from 'vitest'
import { fourierFeatures } from '../../../../src/main/lab/analysis/fourierFeatures.ts'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../support/runs.ts'

type Interventions = ComposedInput['interventions']
const training = { kind: 'training', learningRate: 0.5, weightDecay: 0.01, steps: 40 } as const

function specification(interventions: Interventions, dynamics: ComposedInput['dynamics'] = training) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 24 },
    dynamics,
    interventions,
    record: { measureEvery: 1, snapshots: [10, 20, 21, 30] },
  })
}

const totalNorm = (values: { firstLayerNormSquared?: number; secondLayerNormSquared?: number }) =>
  Math.sqrt(values.firstLayerNormSquared! + values.secondLayerNormSquared!)

describe('interventions in a run', () => {
  it('act before their step is measured and leave what came before to the bit', async () => {
    const plain = await collectRun(specification([]))
    const changed = await collectRun(specification([{ at: 20, kind: 'keepFrequencies', frequencies: [2] }]))
    expect(snapshotAt(changed, 10)).toEqual(snapshotAt(plain, 10))
    const { norms } = fourierFeatures(snapshotAt(changed, 20).matrices['E']!)
    norms.forEach((norm, i) => expect(norm > 1e-14).toBe(i % 3 === 1))
    expect(snapshotAt(changed, 20).matrices['W']).toEqual(snapshotAt(plain, 20).matrices['W'])
  })

  it('are measured also between the steps of the schedule', async () => {
    const spec = specification([{ at: 13, kind: 'rescale', layer: 'first', factor: 2 }])
    const events = await collectRun({ ...spec, record: { ...spec.record, measureEvery: 10 } })
    expect(eventsOf(events, 'measured').map(({ step }) => step)).toContain(13)
  })

  it('rescaling E by c and W by 1/c leaves the outputs of a relu network, and multiplies the norms', async () => {
    const c = 3
    const at = 20
    const plain = eventsOf(await collectRun(specification([])), 'measured')[at]!.values
    const rescaled = await collectRun(
      specification([
        { at, kind: 'rescale', layer: 'first', factor: c },
        { at, kind: 'rescale', layer: 'second', factor: 1 / c },
      ]),
    )
    const values = eventsOf(rescaled, 'measured')[at]!.values
    expect(values.testMse).toBeCloseTo(plain.testMse!, 12)
    expect(values.trainMargin).toBeCloseTo(plain.trainMargin!, 12)
    expect(values.firstLayerNormSquared! / plain.firstLayerNormSquared!).toBeCloseTo(c * c, 12)
    expect(values.secondLayerNormSquared! / plain.secondLayerNormSquared!).toBeCloseTo(1 / (c * c), 12)
  })

  it('holds the norm from its step on: at a number, and at its initial value through a removal', async () => {
    const events = await collectRun(
      specification([
        { at: 5, kind: 'clampNorm', norm: 6 },
        { at: 20, kind: 'clampNorm', norm: 'initial' },
        { at: 30, kind: 'removeFrequencies', frequencies: [1, 2] },
      ]),
    )
    const norms = eventsOf(events, 'measured').map(({ values }) => totalNorm(values))
    const initial = norms[0]!
    expect(initial).not.toBeCloseTo(6, 1)
    norms.forEach((norm, step) => {
      if (step >= 20) expect(norm).toBeCloseTo(initial, 12)
      else if (step >= 5) expect(norm).toBeCloseTo(6, 12)
      else if (step > 0) expect(Math.abs(norm - initial)).toBeGreaterThan(1e-6)
    })
  })

  it('changes the decay at its step, and the clock with it', async () => {
    const value = 0.1
    const changes: Interventions = [
      { at: 30, kind: 'setWeightDecay', value: 0 },
      { at: 20, kind: 'setWeightDecay', value },
    ]
    const events = await collectRun(specification(changes))
    eventsOf(events, 'measured').forEach(({ step, tau }) => {
      const expected = 0.5 * (0.01 * Math.min(step, 20) + value * Math.min(Math.max(step - 20, 0), 10))
      expect(tau).toBeCloseTo(expected, 14)
    })
    const plain = await collectRun(specification([]))
    expect(snapshotAt(events, 20).matrices).toEqual(snapshotAt(plain, 20).matrices)
    const [E, e, E20] = [snapshotAt(plain, 21), snapshotAt(events, 21), snapshotAt(plain, 20)].map(
      ({ matrices }) => matrices['E']!.data,
    )
    // One step later only the decay differs: by η(wd' − wd)·E.
    const difference = E!.map((entry, i) => entry - 0.5 * (value - 0.01) * E20![i]!)
    expect(largestDifference(difference, e!)).toBeLessThan(1e-15)
  })

  it.each(['gradientDescent', 'momentum', 'adamw'] as const)('resume with the same bits (%s)', async (optimizer) => {
    const spec = specification(
      [
        { at: 0, kind: 'rescale', layer: 'second', factor: 2 },
        { at: 10, kind: 'clampNorm', norm: 'initial' },
        { at: 20, kind: 'removeFrequencies', frequencies: [3] },
        { at: 20, kind: 'setWeightDecay', value: 0.02 },
        { at: 35, kind: 'keepFrequencies', frequencies: [1] },
      ],
      { ...training, optimizer, learningRate: 0.02 },
    )
    const whole = await collectRun(spec)
    for (const step of [10, 20, 21]) {
      const resumed = await collectRun(spec, { resumeFrom: snapshotAt(whole, step) })
      expect(snapshotAt(resumed, 40)).toEqual(snapshotAt(whole, 40))
    }
  })

  it.each(['euler', 'heun'] as const)('act on the isolated first layer too (%s)', async (kind) => {
    const tolerance = kind === 'heun' ? { tolerance: 1e-4 } : {}
    const dynamics = { kind: 'isolated' as const, ridge: 0.01, integrator: { kind, ...tolerance }, steps: 40 }
    const events = await collectRun(
      specification([{ at: 20, kind: 'removeFrequencies', frequencies: [1, 3] }], dynamics),
    )
    const { norms } = fourierFeatures(snapshotAt(events, 20).matrices['E']!)
    norms.forEach((norm, i) => expect(norm > 1e-13).toBe(i % 3 === 1))
    expect(eventsOf(events, 'settled')[0]!.status).toBe('finished')
  })
})
