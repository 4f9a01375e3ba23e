import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useStates, type StateReader } from '../../../../src/renderer/views/compare/useStates.ts'
import type { RunSummary, SnapshotDescription } from '../../../../src/shared/run.ts'
import { host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

let scope: EffectScope
let reader: StateReader
const runs = shallowRef<readonly RunSummary[]>([])
const archive = shallowRef<string>()
const times = (id: string) => reader.states.value.get(id)?.tau
const settled = () => new Promise((done) => setTimeout(done))
const snapshot = (step: number): SnapshotDescription => ({
  ...{ step, tau: step / 1000, reason: 'scheduled', matrices: [] },
})

const show = () =>
  (reader = scope.run(() =>
    useStates(
      () => runs.value,
      () => archive.value,
    ),
  )!)

/** The snapshots of the run that was asked about last, and their matrices. */
async function answer(...steps: number[]) {
  host.last('run.snapshots').answer(steps.map(snapshot))
  await settled()
  for (const step of steps) {
    expect(host.last('run.matrix').input['step']).toBe(step)
    host.last('run.matrix').answer({ rows: 1, columns: 1, data: Float64Array.of(step) })
    await settled()
  }
}

beforeEach(() => {
  host.forget()
  archive.value = undefined
  scope = effectScope()
})
afterEach(() => scope.stop())

it('the states of a run that has gone on are read anew, and those that were read stay until then', async () => {
  runs.value = [runSummary({ id: 'live', status: 'running', step: 1000 })]
  show()
  await answer(0, 1000)
  expect(times('live')).toEqual([0, 1])
  runs.value = [runSummary({ id: 'live', status: 'finished', step: 5000 })]
  await nextTick()
  expect([host.requested('run.snapshots').length, times('live')]).toEqual([2, [0, 1]])
  await answer(0, 1000, 5000)
  expect(times('live')).toEqual([0, 1, 5])
})

it('the states of a run that has gone on meanwhile are not those that were read where it stood', async () => {
  runs.value = [runSummary({ id: 'left', status: 'interrupted', step: 1000 })]
  show()
  await answer(0, 1000)
  scope.stop()
  scope = effectScope()
  show()
  expect([host.requested('run.snapshots').length, times('left')]).toEqual([1, [0, 1]])
  scope.stop()
  scope = effectScope()
  runs.value = [runSummary({ id: 'left', status: 'interrupted', step: 2000 })]
  show()
  expect(times('left')).toBeUndefined()
  await answer(0, 1000, 2000)
  expect(times('left')).toEqual([0, 1, 2])
})

it('states that are read of what a run was before are read no further, and are not a failure', async () => {
  runs.value = [runSummary({ id: 'behind', status: 'running', step: 1000 })]
  show()
  host.last('run.snapshots').answer([snapshot(0), snapshot(1000)])
  await settled()
  const early = host.last('run.matrix')
  runs.value = [runSummary({ id: 'behind', status: 'finished', step: 5000 })]
  await nextTick()
  early.answer({ rows: 1, columns: 1, data: Float64Array.of(0) })
  await settled()
  expect([host.requested('run.matrix').length, reader.failure.value]).toEqual([1, null])
  await answer(0, 5000)
  expect([times('behind'), reader.failure.value, reader.progress.value]).toEqual([[0, 5], null, null])
})

it('states of another archive are not those of a run of the same id', async () => {
  runs.value = [runSummary({ id: 'both' })]
  show()
  await answer(0, 5000)
  archive.value = 'other'
  await nextTick()
  expect(times('both')).toBeUndefined()
  await answer(0)
  expect(times('both')).toEqual([0])
})
