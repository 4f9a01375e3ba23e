import { expect, it } from 'vitest'
import { createExperimentService, type ExperimentServiceOptions } from '../../../src/main/services/experiments.ts'
import type { RunService } from '../../../src/main/services/runs.ts'
import type { BackendKind } from '../../../src/shared/machine.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const archives = temporaryArchives()

it.each<[string, ExperimentServiceOptions['backend'], BackendKind | undefined, number]>([
  ['all at once where there is a slot for each', { kind: 'auto' }, undefined, 1],
  ['all at once, also of a backend that is asked for', { kind: 'auto' }, 'wasm', 1],
  ['as many at once as have their threads', { kind: 'auto', threads: 4 }, undefined, 4],
  ['one after the other where each has all threads', { kind: 'wasm', threads: 8 }, undefined, 8],
  ['one after the other on a device', { kind: 'webgpu' }, undefined, 8],
  ['one after the other on a device that is asked for', { kind: 'auto' }, 'webgpu', 8],
])('runs are foreseen %s', async (_, backend, asked, rounds) => {
  const speed = { known: () => 1e9, measure: () => Promise.resolve(1e9) }
  const services = { archive: archives.open(), runs: {} as RunService, slots: 8, backend, speed }
  const dynamics = { kind: 'training', learningRate: 1, weightDecay: 0, steps: 100 }
  const spec = smallSpec({ seeds: [0, 1, 2, 3, 4, 5, 6, 7], precision: 'float32', dynamics })
  const { estimate, wallSeconds } = await createExperimentService(services).estimate(spec, asked)
  expect(wallSeconds! / estimate!.seconds!).toBeCloseTo(rounds, 9)
})
