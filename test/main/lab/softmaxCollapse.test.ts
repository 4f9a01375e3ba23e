import { describe, expect, it } from 'vitest'
import { collectRun, eventsOf, readReference, runSpec } from '../../support/runs.ts'

interface Reference {
  float32: { step: number }[]
  float64: { step: number; smallest: number }[]
}

/** The training of softmax_collapse.py: AdamW without decay on the cross-entropy, in float32. */
async function trainingLosses(lossPrecision: 'float32' | 'float64') {
  const spec = runSpec({
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 64 },
    dynamics: {
      kind: 'training',
      optimizer: 'adamw',
      loss: 'crossEntropy',
      lossPrecision,
      learningRate: 0.01,
      weightDecay: 0,
      steps: 16_000,
    },
    precision: 'float32',
    record: { measureEvery: 50, snapshots: [] },
  })
  const events = await collectRun(spec)
  return {
    losses: eventsOf(events, 'measured').map(({ step, values }) => ({ step, loss: values.trainCrossEntropy! })),
    provenance: eventsOf(events, 'started')[0]!.provenance,
  }
}

describe('the training cross-entropy of a float32 run', () => {
  const reference = readReference('softmax-collapse') as Reference
  const steps = reference.float32.map(({ step }) => step)

  it('is exactly 0 where that of NumPy is, with the softmax in float32', async () => {
    const { losses, provenance } = await trainingLosses('float32')
    const first = losses.find(({ loss }) => loss === 0)!.step
    expect(first).toBeGreaterThan(0.8 * Math.min(...steps))
    expect(first).toBeLessThan(1.2 * Math.max(...steps))
    expect(provenance).toMatchObject({ precision: 'float32', lossPrecision: 'float32' })
  })

  it('does not become 0 with the softmax in float64', async () => {
    expect(reference.float64.map(({ step }) => step)).toEqual(reference.float64.map(() => -1))
    const { losses, provenance } = await trainingLosses('float64')
    expect(Math.min(...losses.map(({ loss }) => loss))).toBeGreaterThan(0)
    expect(provenance).toMatchObject({ precision: 'float32', lossPrecision: 'float64' })
  })
})
