import { effectScope } from 'vue'
import { expect, it, vi } from 'vitest'
import { useSweepReading } from '../../../../src/renderer/views/sweeps/useSweepReading.ts'
import { LabError } from '../../../../src/shared/errors.ts'

vi.mock('../../../../src/renderer/lab.ts', async () => ({
  generation: (await import('vue')).ref(0),
  on: () => () => {},
}))

it('a sweep that is forgotten elsewhere is shown no longer, one whose host is away as it was', async () => {
  const scope = effectScope()
  const ask = vi.fn<() => Promise<string>>()
  ask.mockResolvedValueOnce('computing')
  const { answer, failure, read } = scope.run(() => useSweepReading(ask, () => true))!
  await expect.poll(() => answer.value).toBe('computing')
  ask.mockRejectedValueOnce(new LabError('INTERNAL', 'the host is away'))
  await read()
  expect([answer.value, (failure.value as Error).message]).toEqual(['computing', 'the host is away'])
  ask.mockRejectedValueOnce(new LabError('NOT_FOUND', 'no such sweep'))
  await read()
  expect([answer.value, (failure.value as Error).message]).toEqual([null, 'no such sweep'])
  scope.stop()
})
