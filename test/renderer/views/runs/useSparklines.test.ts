import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useSparklines } from '../../../../src/renderer/views/runs/useSparklines.ts'
import { runSummary } from '../../../support/runSummary.ts'

const host = vi.hoisted(() => ({ asked: [] as string[][] }))
vi.mock('../../../../src/renderer/lab.ts', () => ({
  request: (_: string, { runIds }: { runIds: string[] }) => {
    host.asked.push(runIds)
    return Promise.resolve(runIds.map((runId) => ({ runId, curves: {} })))
  },
}))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (call: () => void) => setTimeout(call, 16))
  host.asked.length = 0
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('thumbnails are asked for at once where other runs are shown after a rest, and at rest where they go on changing', async () => {
  const runsOf = (...ids: string[]) => ids.map((id) => runSummary({ id }))
  const runs = shallowRef(runsOf('a', 'b'))
  const scope = effectScope()
  scope.run(() => useSparklines(runs, shallowRef(undefined)))
  expect(host.asked).toEqual([['a', 'b']])
  await vi.advanceTimersByTimeAsync(1000)

  runs.value = runsOf('b', 'c')
  await nextTick()
  expect(host.asked.slice(1)).toEqual([['c']])

  for (const id of ['d', 'e', 'f', 'g', 'h', 'i']) {
    await vi.advanceTimersByTimeAsync(20)
    runs.value = runsOf(id)
    await nextTick()
  }
  expect(host.asked).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1000)
  expect(host.asked.slice(2)).toEqual([['i']])
  scope.stop()
})
