import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useSparklines } from '../../../../src/renderer/views/runs/useSparklines.ts'
import type { Curve, RunSummary } from '../../../../src/shared/run.ts'
import { generation, host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

let scope: EffectScope
let pathOf: (runId: string) => string
const runs = shallowRef<readonly RunSummary[]>([])
const archive = shallowRef<string>()
const runsOf = (...ids: string[]) => ids.map((id) => runSummary({ id }))
const asked = () => host.requested('run.curves').map(({ input }) => (input['runIds'] as string[]).join(''))
const drawn = (...ids: string[]) => ids.filter((id) => pathOf(id) !== '').join('')

/** What is asked of the host from now on is answered at once, unless it is about one of `gone`. */
async function answerAll(...gone: string[]) {
  const step = Float64Array.of(0, 5000)
  const testAccuracy: Curve = { step, tau: step, seconds: step, value: Float64Array.of(0, 1) }
  let answered = 0
  do {
    const open = host.requested('run.curves').slice(answered)
    answered += open.length
    for (const { input, answer, refuse } of open) {
      const runIds = input['runIds'] as string[]
      if (runIds.some((id) => gone.includes(id))) refuse(new RangeError('there is no such run'))
      else answer(runIds.map((runId) => ({ runId, curves: { testAccuracy } })))
    }
    await vi.advanceTimersByTimeAsync(1000)
  } while (host.requested('run.curves').length > answered)
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (call: () => void) => setTimeout(call, 16))
  host.forget()
  archive.value = undefined
  runs.value = runsOf('a', 'b')
  scope = effectScope()
  pathOf = scope.run(() => useSparklines(runs, archive))!
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('thumbnails are asked for at once where other runs are shown after a rest, and at rest where they go on changing', async () => {
  expect(asked()).toEqual(['ab'])
  await answerAll()

  runs.value = runsOf('b', 'c')
  await nextTick()
  expect(asked().slice(1)).toEqual(['c'])

  for (const id of ['d', 'e', 'f', 'g', 'h', 'i']) {
    await vi.advanceTimersByTimeAsync(20)
    runs.value = runsOf(id)
    await nextTick()
  }
  expect(asked()).toHaveLength(2)
  await answerAll()
  expect(asked().slice(2)).toEqual(['i'])
})

it('a run that cannot be read leaves the others their thumbnails, and is asked for again once it has changed', async () => {
  await answerAll('b')
  expect([asked(), drawn('a', 'b')]).toEqual([['ab', 'a', 'b'], 'a'])
  runs.value = [...runs.value]
  await answerAll('b')
  expect(asked()).toHaveLength(3)
  runs.value = [runs.value[0]!, runSummary({ id: 'b', sequence: 700 })]
  await answerAll()
  expect([asked().slice(3), drawn('a', 'b')]).toEqual([['b'], 'ab'])
})

it('all thumbnails are asked for again after the host was away', async () => {
  await answerAll('a', 'b')
  expect(drawn('a', 'b')).toBe('')
  const before = asked().length
  generation.value++
  await answerAll()
  expect([asked().slice(before), drawn('a', 'b')]).toEqual([['ab'], 'ab'])
})

it('a thumbnail that comes late of another archive is not that of a run of the same id', async () => {
  const [early] = host.requested('run.curves')
  archive.value = 'other'
  runs.value = runsOf('a', 'b')
  await nextTick()
  const step = Float64Array.of(0, 5000)
  const testAccuracy: Curve = { step, tau: step, seconds: step, value: Float64Array.of(0, 1) }
  early!.answer(['a', 'b'].map((runId) => ({ runId, curves: { testAccuracy } })))
  await vi.advanceTimersByTimeAsync(1000)
  expect([host.last('run.curves').input['archive'], drawn('a', 'b')]).toEqual(['other', ''])
})
