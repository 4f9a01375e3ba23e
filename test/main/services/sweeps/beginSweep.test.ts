import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { beginAttempt } from '../../../../src/main/sweep/sweepJournals.ts'
import { prepareSweepFolder } from '../../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
import { provenance } from '../../../support/archive.ts'
import { workingLaboratories } from '../../../support/askLaboratory.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const told = vi.hoisted(() => ({ onRead: () => {} }))

vi.mock(import('../../../../src/main/journal/journal.ts'), async (original) => {
  const actual = await original()
  const readJournal: typeof actual.readJournal = (path, read) => {
    told.onRead()
    return actual.readJournal(path, read)
  }
  return { ...actual, readJournal }
})

const laboratories = workingLaboratories()

it('a host reads some journals of a sweep at a time before it computes it, and answers others in between', async () => {
  const sweep = planSweep({
    base: {
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
      network: { hidden: 4 },
      dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 20 },
    },
    axes: [{ field: 'dynamics.weightDecay', from: 0.1, to: 1, count: 100 }],
  })
  const folder = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), sweep, [])
  for (const key of folder.keys.slice(1)) {
    const journal = beginAttempt(folder, key)
    const run = { runId: key, tau: 0, seconds: 0 }
    journal.append([
      { ...run, type: 'started', sequence: 0, step: 0, provenance, train: Int32Array.of(0) },
      { ...run, type: 'settled', sequence: 1, status: 'finished', step: 20 },
    ] as RunEvent[])
    await journal.close()
  }
  let turn = 0
  let next = setImmediate(function count() {
    turn += 1
    next = setImmediate(count)
  })
  onTestFinished(() => clearImmediate(next))
  const reads = new Map<number, number>()
  told.onRead = () => reads.set(turn, (reads.get(turn) ?? 0) + 1)
  const ask = laboratories.ask(join(folder.path, '../a.grokscope'))
  const { id } = await ask('sweep.open', { path: folder.path })
  await ask('sweep.run', { sweep: id })
  await expect.poll(async () => (await ask('sweep.show', { sweep: id })).finished).toBe(100)
  expect([...reads.values()].reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(100)
  expect(Math.max(...reads.values())).toBeLessThan(50)
})
