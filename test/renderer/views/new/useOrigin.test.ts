import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useOrigin } from '../../../../src/renderer/views/new/useOrigin.ts'
import type { BranchOrigin } from '../../../../src/shared/specification/specificationOfRun.ts'
import type { SnapshotDescription } from '../../../../src/shared/run.ts'
import { generation, host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

let scope: EffectScope
const origin = shallowRef<BranchOrigin | null>(null)
const open = () => scope.run(() => useOrigin(() => origin.value))!
const settled = () => new Promise((resolve) => setTimeout(resolve))
beforeEach(() => {
  scope = effectScope()
  host.forget()
  origin.value = { runId: 'p', step: 20 }
})
afterEach(() => scope.stop())

/** The answers to what was asked last: whether the run is there, and the steps of its snapshots. */
async function answer(isThere: boolean, ...steps: number[]) {
  host.last('run.list').answer({ runs: isThere ? [runSummary({ id: 'p' })] : [], total: Number(isThere) })
  host.last('run.snapshots').answer(steps.map((step) => ({ step }) as SnapshotDescription))
  await settled()
}

it('where a run began is known to be there or not, its snapshot too, and asked again after a lost connection', async () => {
  const found = open()
  expect(found.value).toBe('unknown')
  await answer(true, 0, 20)
  expect(found.value).toBe('snapshot')
  origin.value = { runId: 'p', step: 30 }
  await nextTick()
  expect(found.value).toBe('unknown')
  await answer(true, 0, 20)
  expect(found.value).toBe('run')
  generation.value += 1
  await nextTick()
  host.last('run.snapshots').refuse(new Error('gone'))
  await settled()
  expect(found.value).toBe('unknown')
  generation.value += 1
  await nextTick()
  await answer(false)
  expect(found.value).toBe('nothing')
})

it('what is asked about one is no answer about the next', async () => {
  const found = open()
  const [list, snapshots] = [host.last('run.list'), host.last('run.snapshots')]
  origin.value = null
  await nextTick()
  list.answer({ runs: [], total: 0 })
  snapshots.answer([])
  await settled()
  expect(found.value).toBe('unknown')
  expect(host.requested('run.list')).toHaveLength(1)
})
