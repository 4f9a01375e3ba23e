import { effectScope, nextTick, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { usePaperResult } from '../../../../src/renderer/views/run/usePaperResult.ts'
import type { FigureCard } from '../../../../src/shared/contract/papers.ts'
import type { FigureResult } from '../../../../src/shared/papers/figure.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('the claims beside a run are those of its own figure, also until these are read and where there are none', async () => {
  const settled = () => new Promise((done) => setTimeout(done))
  const resultOf = (figure: string) => ({ figure, claims: [] }) as unknown as FigureResult
  const cardOf = (id: string) => ({ id, runIds: ['a', 'b', 'c'], result: resultOf(id) }) as unknown as FigureCard
  const run = shallowRef<RunSummary | undefined>(runSummary({ id: 'a', figure: 'musat2025/fig6' }))
  const scope = effectScope()
  const result = scope.run(() => usePaperResult(run))!
  host.last('paper.list').answer([cardOf('musat2025/fig6')])
  await settled()
  expect(result.value?.figure).toBe('musat2025/fig6')
  run.value = runSummary({ id: 'b', figure: 'musat2025/fig6' })
  await nextTick()
  expect(result.value?.figure).toBe('musat2025/fig6')
  run.value = runSummary({ id: 'c', figure: 'musat2025/fig7' })
  await nextTick()
  expect(result.value).toBeNull()
  host.last('paper.list').answer([cardOf('musat2025/fig6')])
  await settled()
  expect(result.value).toBeNull()
  scope.stop()
})

it('claims are read anew when another program has changed the archive, since nobody says which figure that concerns', async () => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
  const run = shallowRef<RunSummary | undefined>(runSummary({ id: 'a', figure: 'musat2025/fig6' }))
  const scope = effectScope()
  scope.run(() => usePaperResult(run))
  const read = () => host.requested('paper.list').length
  const before = read()
  host.emit('runs.touched', { runIds: ['b'] })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read()).toBe(before)
  host.emit('runs.touched', { runIds: null })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read()).toBe(before + 1)
  scope.stop()
})
