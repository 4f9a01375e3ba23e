import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { availableSlots, evenThreads } from '../../../src/main/engine/host/availableSlots.ts'

it('are the processors that Slurm gave to the task, else those it gave on this node, else those of this machine', () => {
  const both = { SLURM_CPUS_PER_TASK: '3', SLURM_CPUS_ON_NODE: '64' }
  expect(availableSlots(both)).toBe(3)
  expect(availableSlots({ SLURM_CPUS_ON_NODE: '64' })).toBe(64)
  expect(availableSlots({ ...both, SLURM_CPUS_PER_TASK: '' })).toBe(64)
  expect(availableSlots({})).toBe(availableParallelism())
})

it.each(['0', '-1', '2.5', 'many', '1e3', ' 4'])('cannot be %j, which is refused by its name', (given) => {
  expect(() => availableSlots({ SLURM_CPUS_PER_TASK: given })).toThrow(
    `SLURM_CPUS_PER_TASK: ${JSON.stringify(given)} is not allowed; a whole number of at least 1`,
  )
})

it.each([
  [4, 3, 1],
  [8, 2, 4],
  [1, 5, 1],
  // A backend takes no more than 64.
  [192, 2, 64],
])('%i slots give each of %i runs that share them %i threads', (slots, runs, threads) => {
  expect(evenThreads(slots, runs)).toBe(threads)
})
