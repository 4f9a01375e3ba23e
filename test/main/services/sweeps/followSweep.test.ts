import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { followSweep } from '../../../../src/main/services/sweeps/followSweep.ts'
import { prepareSweepFolder, type SweepFolder } from '../../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import { beginAttempt, readState } from '../../../../src/main/sweep/sweepJournals.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
import { provenance } from '../../../support/archive.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const sweep = {
  name: 'followed',
  base: {
    task: { kind: 'modularAddition', modulus: 5 },
    network: { hidden: 16 },
    dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: 40 },
  },
  axes: [{ field: 'task.trainFraction', from: 0.4, to: 0.9, count: 100 }],
}

/** As another process writes it. */
async function finish(folder: SweepFolder, place: number): Promise<void> {
  const journal = beginAttempt(folder, folder.keys[place]!)
  const run = { runId: folder.keys[place]!, tau: 0, seconds: 0 }
  journal.append([
    { ...run, type: 'started', sequence: 0, step: 0, provenance, train: Int32Array.of(0) },
    { ...run, type: 'settled', sequence: 1, status: 'finished', step: 40 },
  ] as RunEvent[])
  await journal.close()
}

vi.mock(import('../../../../src/main/sweep/sweepJournals.ts'), async (original) => {
  const actual = await original()
  return { ...actual, readState: vi.fn(actual.readState) }
})

it('a run whose journal could not be read once is read the next time', async () => {
  const folder = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(sweep), [])
  await finish(folder, 0)
  const followed = followSweep(folder)
  vi.mocked(readState).mockImplementationOnce(() => {
    throw new Error('stale file handle')
  })
  await expect(followed.refresh()).rejects.toThrow('stale file handle')
  await followed.refresh()
  expect(followed.counts().finished).toBe(1)
})

it('a run that ends while the runs are read is told as it ended, then or the next time', async () => {
  const folder = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(sweep), [])
  const followed = followSweep(folder)
  const last = folder.keys.length - 1
  const reading = followed.readRuns(0)
  await nextTurn()
  await finish(folder, last)
  await followed.refresh()
  const first = await reading
  expect(first.runs).toHaveLength(100)
  expect(followed.counts()).toEqual({ waiting: 99, begun: 0, finished: 1, failed: 0 })
  const { runs } = await followed.readRuns(0)
  expect(runs[last]).toMatchObject({ place: last, run: { status: 'finished', step: 40 } })
  const later = await followed.readRuns(first.revision)
  expect([...first.runs, ...later.runs].findLast(({ place }) => place === last)!.run.status).toBe('finished')
})
