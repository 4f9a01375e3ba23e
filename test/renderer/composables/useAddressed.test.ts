import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useAddressed, useAddressedQuery } from '../../../src/renderer/composables/useAddressed.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A page at an address. */
async function open(address: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:page', component: {} }] })
  await router.push(address)
  const app = createApp({})
  app.use(router)
  const use = (name: string) => app.runWithContext(() => useAddressed(name))
  const useAll = () => app.runWithContext(() => useAddressedQuery())
  return { router, use, useAll, query: () => router.currentRoute.value.query }
}
const rest = () => vi.advanceTimersByTimeAsync(1000)

it('is what the address says, and changes with it', async () => {
  const { router, use } = await open('/a?x=1&x=2&y=')
  expect([use('x').value, use('y').value, use('z').value]).toEqual(['1', undefined, undefined])
  const x = use('x')
  await router.replace('/a?x=3')
  expect(x.value).toBe('3')
})

it('is put down once all that is chosen rests, beside what else the address says, and is known at once', async () => {
  const { router, use, query } = await open('/a?runs=r1,r2&x=1')
  const replace = vi.spyOn(router, 'replace')
  const [x, y] = [use('x'), use('y')]
  x.value = '2'
  y.value = 'b'
  x.value = '3'
  expect([x.value, y.value, use('x').value]).toEqual(['3', 'b', '3'])
  await rest()
  expect(replace).toHaveBeenCalledTimes(1)
  expect(query()).toEqual({ runs: 'r1,r2', x: '3', y: 'b' })
  y.value = undefined
  expect(y.value).toBeUndefined()
  await rest()
  expect(query()).toEqual({ runs: 'r1,r2', x: '3' })
})

it('leaves the address of another page as it is', async () => {
  const { router, use, query } = await open('/a')
  const x = use('x')
  x.value = '1'
  await router.push('/b?q=2')
  await rest()
  expect(query()).toEqual({ q: '2' })
  expect(x.value).toBeUndefined()
})

it('keeps what is chosen while the address changes', async () => {
  const { router, use, query } = await open('/a')
  const x = use('x')
  x.value = '1'
  router.beforeResolve(() => {
    if (x.value === '1') x.value = '2'
  })
  await rest()
  expect(x.value).toBe('2')
  await rest()
  expect(query()).toEqual({ x: '2' })
})

it('may be several at once, one of which stands there several times, beside others that have one name', async () => {
  const { use, useAll, query } = await open('/a?runs=r1&x=1&y=2')
  const [all, color] = [useAll(), use('color')]
  all.change({ x: undefined, at: ['a=1', 'b=2'] })
  color.value = 'phase'
  expect(all.query.value).toEqual({ runs: 'r1', y: '2', at: ['a=1', 'b=2'], color: 'phase' })
  await rest()
  expect(query()).toEqual({ runs: 'r1', y: '2', at: ['a=1', 'b=2'], color: 'phase' })
})
