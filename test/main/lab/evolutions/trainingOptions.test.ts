import { describe, expect, it } from 'vitest'
import { batchSampler, type BatchSpec } from '../../../../src/main/lab/dynamics/batches.ts'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { collectRun, readReference, runSpec, snapshotAt, toMatrix } from '../../../support/runs.ts'

type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

interface Reference {
  train: number[]
  E: number[][]
  W: number[][]
  batchIndices: Record<BatchSpec['sampling'], number[][]>
  cases: { dynamics: Omit<Training, 'kind' | 'steps'>; tau: number; probes: [number, number] }[]
}

/** Of `training_options.py`: 50 steps from one start, by every combination of the options of training. */
const { train, E, W, batchIndices, cases } = readReference('training-options') as Reference
const steps = 50
const initial = { parameters: { E: toMatrix(E), W: toMatrix(W) }, train: Int32Array.from(train) }

const groups = Object.groupBy(
  cases,
  ({ dynamics: { optimizer, loss, reduction } }) => `${optimizer as string}, ${loss}, ${reduction}`,
)

describe('training by every combination of its options', () => {
  it.each(Object.entries(groups))('agrees with an independent program to 1e-9 (%s)', async (name, members) => {
    const ends = new Set<string>()
    for (const { dynamics, tau, probes } of members!) {
      const spec = runSpec({
        task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
        network: { hidden: 16 },
        dynamics: { kind: 'training', steps, ...dynamics },
        record: { measureEvery: steps, snapshots: [steps] },
      })
      const events = await collectRun(spec, { initial })
      const end = snapshotAt(events, steps)
      const found = ['E', 'W'].map((name) => probe(end.matrices[name]!.data))
      const what = JSON.stringify(dynamics)
      expect(Math.abs(found[0]! - probes[0]), what).toBeLessThan(1e-9)
      expect(Math.abs(found[1]! - probes[1]), what).toBeLessThan(1e-9)
      expect(Math.abs(end.tau - tau), what).toBeLessThan(1e-12)
      ends.add(found.map((value) => value.toPrecision(10)).join())
    }
    // None of the options is without effect.
    expect(ends.size).toBe(members!.length)
    expect(members!.length).toBe(name.startsWith('gradientDescent') ? 36 : 72)
  })
})

describe('the batches of a training', () => {
  it.each(['withoutReplacement', 'withReplacement'] as const)('are those of the reference (%s)', (sampling) => {
    const batchOf = batchSampler(train.length, { size: 5, sampling }, 0)
    const drawn = batchIndices[sampling].map((_, step) => [...batchOf(step), -1, -1, -1].slice(0, 5))
    expect(drawn).toEqual(batchIndices[sampling])
  })
})

/** A layer by a sum with weights cos 1, cos 2, … of its entries. */
function probe(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value, i) => sum + Math.cos(i + 1) * value, 0)
}
