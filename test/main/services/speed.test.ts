import { expect, it } from 'vitest'
import type { Caller } from '../../../src/main/engine/host/caller.ts'
import { estimateExperiment } from '../../../src/main/services/experiments.ts'
import { createSpeedService } from '../../../src/main/services/speed.ts'
import type { ExperimentInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'

const experiment = (more: Partial<ExperimentInput> = {}) =>
  parseExperiment({
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
    network: { hidden: 128 },
    dynamics: { kind: 'isolated', steps: 1000 },
    seeds: [0, 1, 2, 3],
    ...more,
  } as ExperimentInput)

/** A machine on which a step takes so many seconds: each run that is timed takes the next of them, and the last stays. */
function speedOf(...secondsPerStep: (number | null)[]) {
  const timed: unknown[] = []
  const call = async (name: string, input: unknown) => {
    timed.push([name, input])
    await Promise.resolve()
    return secondsPerStep[Math.min(timed.length, secondsPerStep.length) - 1]
  }
  const speed = createSpeedService({
    caller: { call } as unknown as Caller,
    choose: () => Promise.resolve({ kind: 'wasm', threads: 1, reason: '' }),
    backend: { kind: 'auto' },
    slots: 2,
    cacheFolder: undefined,
  })
  return { speed, timed }
}

it('no time is foreseen before a run of the sort was timed, and then what that took', async () => {
  const { speed, timed } = speedOf(0.004)
  const spec = experiment()
  expect(estimateExperiment(spec, 2, speed.known(spec))).toMatchObject({
    wallSeconds: null,
    estimate: { seconds: null },
  })
  const rates = await Promise.all([speed.measure(spec), speed.measure(spec)])
  expect(timed).toHaveLength(1)
  expect(speed.known(spec)).toBe(rates[0])
  const { estimate, wallSeconds } = estimateExperiment(spec, 2, speed.known(spec))
  expect(estimate.seconds).toBeCloseTo(4, 9)
  expect(wallSeconds).toBeCloseTo(8, 9)
})

it('what was timed holds for runs of the same sort and about the same size, and no others', async () => {
  const { speed } = speedOf(0.001)
  await speed.measure(experiment())
  const near = experiment({ network: { hidden: 130 }, dynamics: { kind: 'isolated', steps: 5000 } })
  expect(estimateExperiment(near, 2, speed.known(near)).estimate.seconds).toBeGreaterThan(5)
  for (const other of [
    experiment({ network: { hidden: 512 } }),
    experiment({ precision: 'float32' }),
    experiment({ record: { measureEvery: 1 } }),
    experiment({ dynamics: { kind: 'training', learningRate: 1, weightDecay: 0, steps: 1000 } }),
  ]) {
    expect(speed.known(other)).toBeNull()
  }
})

it('is timed with the threads that it has among all that start with it, and known of as many', async () => {
  const threads: (number | undefined)[] = []
  const speed = createSpeedService({
    caller: { call: () => Promise.resolve(1) } as unknown as Caller,
    choose({ backend }) {
      threads.push(backend.threads)
      return Promise.resolve({ kind: 'wasm', threads: backend.threads ?? 8, reason: '' })
    },
    backend: { kind: 'auto' },
    slots: 8,
    cacheFolder: undefined,
  })
  const alone = experiment({ seeds: [0] })
  for (const together of [undefined, 2, 24]) await speed.measure(alone, undefined, together)
  expect(threads).toEqual([undefined, 4, 1])
  expect([speed.known(alone), speed.known(alone, 24)].map(Number.isFinite)).toEqual([true, true])
  expect(speed.known(alone, 3)).toBeNull()
})

it('a run of which a single step would take long is not tried', async () => {
  const { speed, timed } = speedOf(60)
  const large = experiment({
    task: { kind: 'modularAddition', modulus: 211, trainFraction: 0.7 },
    network: { hidden: 16_384 },
  })
  expect(await speed.measure(large)).toBeNull()
  expect(timed).toEqual([])
})

it('of a run that takes no step no time is foreseen, and one like it is timed anew', async () => {
  const { speed } = speedOf(null, 0.004)
  const spec = experiment()
  expect(await speed.measure(spec)).toBeNull()
  expect(speed.known(spec)).toBeNull()
  expect(estimateExperiment(spec, 2, await speed.measure(spec)).estimate.seconds).toBeCloseTo(4, 9)
})
