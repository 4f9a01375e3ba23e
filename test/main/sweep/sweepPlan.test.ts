import { expect, it } from 'vitest'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { estimateCost } from '../../../src/shared/estimate.ts'

interface Size {
  modulus: number
  hidden: number
  steps: number
  measureEvery?: number
}

/** Seconds that a sweep of ten runs is foreseen to take, and those of its multiply-adds at the speed of large matrices. */
function foreseen({ modulus, hidden, steps, measureEvery = 10 }: Size): { seconds: number; ofWork: number } {
  const base = {
    task: { kind: 'modularAddition', modulus, trainFraction: 0.7 },
    network: { hidden },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 1, steps },
    record: { measureEvery },
  }
  const axes = [{ field: 'dynamics.weightDecay', from: 1, to: 2, count: 5 }]
  const { cells, cost } = planSweep({ base, axes, seeds: 2 })
  const ofWork = cells.reduce((sum, { spec }) => sum + 2 * estimateCost(spec, 5e9).seconds!, 0)
  return { seconds: cost.seconds, ofWork }
}

it('a sweep of large matrices is foreseen to take what their multiply-adds do', () => {
  const { seconds, ofWork } = foreseen({ modulus: 97, hidden: 512, steps: 10_000 })
  expect(seconds).toBeGreaterThan(ofWork)
  expect(seconds).toBeLessThan(1.01 * ofWork)
})

it('a sweep of tiny ones takes time for every step, measurement and run', () => {
  const tiny: Size = { modulus: 5, hidden: 8, steps: 10_000 }
  const { seconds, ofWork } = foreseen(tiny)
  expect(seconds).toBeGreaterThan(10 * ofWork)
  const longer = foreseen({ ...tiny, steps: 20_000 }).seconds
  expect(longer / seconds).toBeGreaterThan(1.8)
  expect(longer / seconds).toBeLessThan(2)
  expect(foreseen({ ...tiny, measureEvery: 1 }).seconds).toBeGreaterThan(2 * seconds)
  expect(foreseen({ ...tiny, steps: 1 }).seconds).toBeGreaterThan(0.01)
})
