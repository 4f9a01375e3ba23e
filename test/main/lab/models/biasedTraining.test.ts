import { describe, expect, it } from 'vitest'
import type { Activation, ExperimentInput } from '../../../../src/shared/experiment.ts'
import { collectRun, readReference, runSpec, snapshotAt, toMatrix } from '../../../support/runs.ts'

type Training = Extract<ExperimentInput['dynamics'], { kind: 'training' }>

interface Reference {
  train: number[]
  start: Record<string, number[][]>
  cases: { activation: Activation; dynamics: Omit<Training, 'kind' | 'steps'>; probes: Record<string, number> }[]
}

/** Of `biased_training.py`: 50 steps of each optimizer from one start, on two layers with biases. */
const { train, start, cases } = readReference('biased-training') as Reference
const steps = 50
const initial = {
  parameters: Object.fromEntries(Object.entries(start).map(([name, rows]) => [name, toMatrix(rows)])),
  train: Int32Array.from(train),
}

const groups = Object.groupBy(cases, ({ dynamics: { optimizer, loss } }) => `${optimizer as string}, ${loss}`)

describe('training of layers with biases', () => {
  it.each(Object.entries(groups))('agrees with an independent program to 1e-9 (%s)', async (_, members) => {
    const ends = new Set<string>()
    for (const { activation, dynamics, probes } of members!) {
      const spec = runSpec({
        task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
        network: { hidden: 16, activation, biases: true },
        dynamics: { kind: 'training', steps, ...dynamics },
        record: { measureEvery: steps, snapshots: [steps] },
      })
      const { matrices } = snapshotAt(await collectRun(spec, { initial }), steps)
      const found = Object.keys(probes).map((name) => probe(matrices[name]!.data))
      Object.entries(probes).forEach(([name, expected], i) => {
        expect(Math.abs(found[i]! - expected), `${name} of ${JSON.stringify(dynamics)}`).toBeLessThan(1e-9)
      })
      ends.add(found.map((value) => value.toPrecision(10)).join())
    }
    // None of activation, clipping and rates of one's own is without effect.
    expect(ends.size).toBe(8)
    expect(members!.length).toBe(8)
  })
})

/** A parameter by a sum with weights cos 1, cos 2, … of its entries. */
function probe(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value, i) => sum + Math.cos(i + 1) * value, 0)
}
