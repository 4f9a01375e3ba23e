import { effectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { usePaper } from '../../../../src/renderer/views/paper/usePaper.ts'
import { host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

beforeEach(() => {
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame, 16))
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const read = () => host.requested('paper.list').length
const answer = async () => {
  host.last('paper.list').answer([])
  await vi.advanceTimersByTimeAsync(0)
}

it('papers are read anew when another program did something to the archive, also while it goes on with that', async () => {
  const scope = effectScope()
  scope.run(() => usePaper())
  await answer()
  const before = read()
  for (const told of [() => host.emit('runs.touched', { runIds: null }), tellOfFigure]) {
    const already = read()
    // Every second, as a host tells that only reads the archive.
    for (let second = 0; second < 10; second++) {
      told()
      await vi.advanceTimersByTimeAsync(1_000)
      await answer()
    }
    expect(read()).toBeGreaterThan(already)
  }
  expect(read() - before).toBeLessThan(20)
  scope.stop()
})

it('papers are not read anew because of runs that are named: their figures are told by themselves', async () => {
  const scope = effectScope()
  scope.run(() => usePaper())
  await answer()
  const before = read()
  host.emit('runs.touched', { runIds: ['a'] })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(read()).toBe(before)
  scope.stop()
})

function tellOfFigure(): void {
  host.emit('paper.changed', { figure: 'musat2025/fig6' })
}
