import { effectScope, nextTick, ref } from 'vue'
import { expect, it } from 'vitest'
import { useRoundForecast } from '../../../../src/renderer/views/sweeps/useRoundForecast.ts'
import type { RoundForecast } from '../../../../src/shared/contract/sweeps.ts'

it('what a round would add is what was asked for last, whichever answer comes first', async () => {
  const settled = () => new Promise((done) => setTimeout(done))
  const isOpen = ref(false)
  const asked: { answer: (forecast: RoundForecast) => void; refuse: (error: unknown) => void }[] = []
  const plan = () => new Promise<RoundForecast>((answer, refuse) => asked.push({ answer, refuse }))
  const forecastOf = (cells: number) => ({ cells }) as RoundForecast
  const scope = effectScope()
  const { forecast, problem } = scope.run(() => useRoundForecast(() => isOpen.value, plan))!
  const open = async (now: boolean) => {
    isOpen.value = now
    await nextTick()
  }
  await open(true)
  await open(false)
  await open(true)
  asked[0]!.answer(forecastOf(12))
  await settled()
  expect([asked.length, forecast.value, problem.value]).toEqual([2, null, ''])
  asked[1]!.answer(forecastOf(3))
  await settled()
  expect(forecast.value?.cells).toBe(3)
  await open(false)
  await open(true)
  await open(false)
  asked[2]!.refuse(new Error('the folder is gone'))
  await settled()
  expect([forecast.value, problem.value]).toEqual([null, ''])
  await open(true)
  asked[3]!.refuse(new Error('the folder is gone'))
  await settled()
  expect([forecast.value, problem.value]).toEqual([null, 'the folder is gone'])
  scope.stop()
})
