import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useRunTable } from '../../../../src/renderer/views/runs/useRunTable.ts'
import { host } from '../../../support/fakeLab.ts'
import { FakeTable } from '../../../support/fakeTable.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

let scope: EffectScope
beforeEach(() => {
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', { hidden: true })
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} })
  host.forget()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('what is done to a group is done to its runs as they are shown, while the host still reads another filter', async () => {
  const table = scope.run(() => useRunTable(ref(undefined), ref(new Set<string>())))!
  table.setQuery('modulus = 7')
  await nextTick()
  await settle()
  const page = new FakeTable([runSummary({ id: 'r0' })])
  for (const asked of host.requested('run.table')) asked.answer(page.table(asked.input as never))
  await settle()
  for (const asked of host.requested('run.table')) asked.answer(page.table(asked.input as never))
  await settle()
  expect(table.isBehind.value).toBe(false)
  table.setQuery('modulus = 11')
  await nextTick()
  expect(table.isBehind.value).toBe(true)
  const runs = table.runsOf('g')
  expect(host.last('run.ids').input).toMatchObject({ terms: ['modulus = 7'], group: 'g' })
  host.last('run.ids').answer({ runIds: ['r0'], groups: [] })
  expect(await runs).toEqual(['r0'])
})

it('what is measured in one’s own archive is not told of a run of the same id in another', async () => {
  const archive = ref<string>()
  const table = scope.run(() => useRunTable(archive, ref(new Set<string>())))!
  const page = new FakeTable([runSummary({ id: 'r0', status: 'running', step: 10 })])
  const answer = async () => {
    await settle()
    for (const asked of host.requested('run.table')) asked.answer(page.table(asked.input as never))
    await settle()
  }
  const steps = () => table.lines.value.flatMap((line) => (line.kind === 'run' ? line.run.step : []))
  await answer()
  const [step, tau, seconds] = [Float64Array.of(500), Float64Array.of(1), Float64Array.of(1)]
  host.emit('run.measured', { runId: 'r0', step, tau, seconds, values: {} })
  await expect.poll(steps).toEqual([500])
  archive.value = 'other'
  await answer()
  expect(steps()).toEqual([10])
})
