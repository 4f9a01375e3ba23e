import { effectScope, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { useProgress } from '../../../src/renderer/composables/useProgress.ts'
import { host } from '../../support/fakeLab.ts'

vi.mock('../../../src/renderer/lab.ts', () => import('../../support/fakeLab.ts'))

it('how far a run has come is told of one’s own archive alone, also where another has a run of the same id', async () => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hidden: true })
  const archive = shallowRef<string>()
  const scope = effectScope()
  const progress = scope.run(() => useProgress(() => archive.value))!
  host.emit('run.progress', { runId: 'a', step: 7, steps: 9, tau: 1, stepsPerSecond: 1, secondsLeft: 1 })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(progress.value.get('a')?.step).toBe(7)
  archive.value = 'other'
  expect(progress.value.size).toBe(0)
  scope.stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})
