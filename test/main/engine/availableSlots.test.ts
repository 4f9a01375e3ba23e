import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { availableSlots } from '../../../src/main/engine/host/availableSlots.ts'

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
