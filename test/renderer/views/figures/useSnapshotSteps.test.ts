import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useSnapshotSteps } from '../../../../src/renderer/views/figures/useSnapshotSteps.ts'
import type { SnapshotDescription } from '../../../../src/shared/run.ts'
import { host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

const snapshot = (step: number): SnapshotDescription => ({
  ...{ step, tau: step / 1000, reason: 'scheduled', matrices: [] },
})
const settled = () => new Promise((done) => setTimeout(done))

let scope: EffectScope
let steps: ReturnType<typeof useSnapshotSteps>
const run = shallowRef<{ runId: string; archive?: string }>({ runId: 'a' })

beforeEach(() => {
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => setTimeout(frame))
  host.forget()
  run.value = { runId: 'a' }
  scope = effectScope()
  steps = scope.run(() => useSnapshotSteps(() => run.value))!
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

it('snapshots that are told late of a run are not those of the one that is looked at now', async () => {
  const early = host.last('run.snapshots')
  run.value = { runId: 'a', archive: 'other' }
  await nextTick()
  host.last('run.snapshots').answer([0, 7].map(snapshot))
  await settled()
  early.answer([0, 100].map(snapshot))
  await settled()
  expect(steps.value).toEqual([0, 7])
  run.value = { runId: 'b' }
  await nextTick()
  expect(steps.value).toEqual([])
})

it('snapshots of a run that goes on come as they are saved, each once and in order', async () => {
  host.last('run.snapshots').answer([0, 100].map(snapshot))
  await settled()
  for (const [runId, step] of [
    ['a', 300],
    ['a', 200],
    ['b', 250],
    ['a', 300],
  ] as const)
    host.emit('run.snapshotSaved', { runId, snapshot: snapshot(step) })
  expect(steps.value).toEqual([0, 100, 200, 300])
})
