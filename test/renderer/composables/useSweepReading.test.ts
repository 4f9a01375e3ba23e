import { effectScope, nextTick, ref } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useSweepReading } from '../../../src/renderer/composables/useSweepReading.ts'
import { LabError } from '../../../src/shared/errors.ts'

vi.mock('../../../src/renderer/lab.ts', async () => ({
  generation: (await import('vue')).ref(0),
  on: () => () => {},
}))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('a sweep that is forgotten elsewhere is shown no longer, one whose host is away as it was', async () => {
  const scope = effectScope()
  const ask = vi.fn<() => Promise<string>>()
  ask.mockResolvedValueOnce('computing')
  const { answer, failure, read } = scope.run(() => useSweepReading(ask, () => true))!
  await vi.advanceTimersByTimeAsync(0)
  expect(answer.value).toBe('computing')
  ask.mockRejectedValueOnce(new LabError('INTERNAL', 'the host is away'))
  await read()
  expect([answer.value, (failure.value as Error).message]).toEqual(['computing', 'the host is away'])
  ask.mockRejectedValueOnce(new LabError('NOT_FOUND', 'no such sweep'))
  await read()
  expect([answer.value, (failure.value as Error).message]).toEqual([null, 'no such sweep'])
  scope.stop()
})

it('what is told late of a sweep that was left is not shown of the next, and neither is what was wrong with it', async () => {
  const scope = effectScope()
  const sweep = ref('left')
  const asked: { sweep: string; tell: (told: string) => void; refuse: (error: unknown) => void }[] = []
  const ask = () => new Promise<string>((tell, refuse) => asked.push({ sweep: sweep.value, tell, refuse }))
  const { answer, failure } = scope.run(() =>
    useSweepReading(
      ask,
      () => true,
      () => sweep.value,
    ),
  )!
  const settle = async (end: () => void) => {
    end()
    await vi.advanceTimersByTimeAsync(0)
  }
  await settle(() => asked[0]!.refuse(new LabError('INTERNAL', 'its folder is gone')))
  expect((failure.value as Error).message).toBe('its folder is gone')
  sweep.value = 'second'
  await nextTick()
  expect([answer.value, failure.value]).toEqual([null, null])
  sweep.value = 'third'
  await nextTick()
  await settle(() => asked[1]!.tell('the second'))
  expect([answer.value, failure.value]).toEqual([null, null])
  expect(asked.map((each) => each.sweep)).toEqual(['left', 'second', 'third'])
  await settle(() => asked[2]!.tell('the third'))
  expect(answer.value).toBe('the third')
  sweep.value = 'fourth'
  await nextTick()
  sweep.value = 'fifth'
  await nextTick()
  await settle(() => asked[3]!.refuse(new LabError('NOT_FOUND', 'no such sweep')))
  expect([answer.value, failure.value, asked.at(-1)!.sweep]).toEqual([null, null, 'fifth'])
  scope.stop()
})
