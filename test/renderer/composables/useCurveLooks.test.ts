import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import {
  addressedLooks,
  curveLooksIn,
  curvesLook,
  useCurveLooks,
} from '../../../src/renderer/composables/useCurveLooks.ts'
import { curveColors, type CurveLook, type CurveLooks } from '../../../src/shared/charts/dressCurves.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A page at an address. */
async function open(address: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:page', component: {} }] })
  await router.push(address)
  const app = createApp({})
  app.use(router)
  return {
    use: (chart: string) => app.runWithContext(() => useCurveLooks(() => chart)),
    /** Once what was chosen has rested. */
    async address() {
      await vi.advanceTimersByTimeAsync(1000)
      return router.currentRoute.value.fullPath
    },
    query: () => router.currentRoute.value.query,
  }
}

const look: fc.Arbitrary<CurveLook> = fc
  .record(
    {
      hidden: fc.constant(true as const),
      strong: fc.constant(true as const),
      color: fc.integer({ min: 0, max: curveColors - 1 }),
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 0)
const curve = fc.oneof(
  fc.constantFrom('seed 1', 'N = 2 : 3', '$\\eta$ = 1e-3, a+b', ':', 'hidden:x'),
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
)
const looksOfChart: fc.Arbitrary<CurveLooks> = fc
  .uniqueArray(fc.tuple(curve, look), { selector: ([name]) => name, maxLength: 4 })
  .map((entries) => Object.fromEntries(entries))
const charts = fc.uniqueArray(fc.oneof(fc.constantFrom('a', 'a:b', 'a%3Ab', ''), curve), { minLength: 1, maxLength: 4 })

describe('how curves look', () => {
  it('is found in the address by whoever is given it, chart by chart, whatever charts and curves are called', async () => {
    await fc.assert(
      fc.asyncProperty(charts, fc.array(looksOfChart, { minLength: 4, maxLength: 4 }), async (names, all) => {
        const page = await open('/compare?runs=r1,r2')
        for (const [place, name] of names.entries()) page.use(name).value = all[place]!
        const other = await open(await page.address())
        for (const [place, name] of names.entries()) expect(other.use(name).value).toEqual(all[place])
        expect(other.query()).toMatchObject({ runs: 'r1,r2' })
        // An address that leads to a picture of the same charts says the same.
        const taken = { paper: 'x', ...addressedLooks(other.query()) }
        for (const [place, name] of names.entries()) expect(curveLooksIn(taken, name)).toEqual(all[place])
      }),
      { numRuns: 60 },
    )
  })

  it('is known at once, and leaves nothing behind once all is as it was', async () => {
    const page = await open('/compare?runs=r1')
    const [main, lower] = [page.use('main'), page.use('lower')]
    main.value = { 'seed 1': { strong: true, color: 2 } }
    lower.value = { 'seed 0': { hidden: true } }
    expect([main.value, lower.value]).toEqual([
      { 'seed 1': { strong: true, color: 2 } },
      { 'seed 0': { hidden: true } },
    ])
    await page.address()
    expect(page.query()['look']).toEqual(['main:strong+2:seed 1', 'lower:hidden:seed 0'])
    expect(curvesLook(page.query(), 'main')).toEqual({ curves: { 'seed 1': { strong: true, color: 2 } } })
    expect(curvesLook(page.query(), 'other')).toBeUndefined()
    main.value = lower.value = {}
    expect(await page.address()).toBe('/compare?runs=r1')
  })

  it('is passed over where it makes no sense', () => {
    const entries = ['main', 'main:', 'main::x', 'main:bold:x', `main:${curveColors}:x`, 'main:strong+odd:x', null]
    expect(curveLooksIn({ look: [...entries, 'main:strong:seed 1'] }, 'main')).toEqual({ 'seed 1': { strong: true } })
  })
})
