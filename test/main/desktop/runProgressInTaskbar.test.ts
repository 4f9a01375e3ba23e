import { expect, it, vi } from 'vitest'
import { showRunProgress } from '../../../src/main/desktop/runProgressInTaskbar.ts'
import type { Laboratory } from '../../../src/main/services/laboratory.ts'
import { createElectron } from '../../support/electron.ts'
import { runSummary } from '../../support/runSummary.ts'

const electron = vi.hoisted(() => ({ module: {} as ReturnType<typeof createElectron>['module'] }))
vi.mock('electron', () => ({
  get Notification() {
    return electron.module.Notification
  },
  get powerSaveBlocker() {
    return electron.module.powerSaveBlocker
  },
}))

/** A laboratory that tells what it is told to, in whose window nobody looks. */
async function watched(sweepRuns = 0) {
  const { module, seen, start } = createElectron({})
  electron.module = module
  await start()
  const active = { queue: 0, paused: 0, sweeps: sweepRuns }
  let hear: Parameters<Laboratory['subscribe']>[0] = () => undefined
  const laboratory: Pick<Laboratory, 'subscribe' | 'runsGoingOn'> = {
    subscribe(listener) {
      hear = listener
      return () => undefined
    },
    runsGoingOn: () => active.queue - active.paused + active.sweeps,
  }
  showRunProgress(laboratory, new module.BrowserWindow({}) as never)
  return {
    seen,
    tell: hear,
    sweep(runs: number) {
      active.sweeps = runs
      hear('sweep.changed', { sweep: 'a', isComputing: runs > 0 })
    },
    pause(runs: number) {
      active.paused = runs
      hear('run.changed', [runSummary({ status: runs > 0 ? 'paused' : 'running' })])
    },
    queue(runs: number) {
      active.queue = runs
      hear('machine.load', { running: Math.min(1, runs), queued: Math.max(0, runs - 1), slots: 1 })
    },
  }
}

it('the machine keeps awake while a sweep is computed, and no longer', async () => {
  const { seen, sweep, queue } = await watched()
  expect(seen.blockers.size).toBe(0)
  sweep(12)
  sweep(4)
  expect(seen.blockers.size).toBe(1)
  queue(1)
  queue(0)
  expect(seen.blockers.size).toBe(1)
  sweep(0)
  expect(seen.blockers.size).toBe(0)
  // One that went on before the window was there.
  expect((await watched(3)).seen.blockers.size).toBe(1)
})

it('the machine may fall asleep while all runs are paused', async () => {
  const { seen, queue, pause } = await watched()
  queue(1)
  expect(seen.blockers.size).toBe(1)
  pause(1)
  expect(seen.blockers.size).toBe(0)
  pause(0)
  expect(seen.blockers.size).toBe(1)
})

it('the end of the last run of the queue is told also while a sweep goes on, and once', async () => {
  const { seen, sweep, queue, tell } = await watched(12)
  sweep(12)
  queue(1)
  tell('run.changed', [runSummary({ status: 'running' })])
  tell('run.changed', [runSummary()])
  queue(0)
  queue(0)
  expect(seen.notifications).toMatchObject([{ title: 'Run finished' }])
  expect([seen.blockers.size, seen.progress.at(-1)]).toEqual([1, -1])
})
