import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { useRecentExperiments } from '../../../../src/renderer/views/compare/useRecentExperiments.ts'
import type { Responses } from '../../../../src/shared/contract.ts'
import { host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

it('the experiments that are offered are those of the archive that is looked at, whichever answer comes first', async () => {
  const settled = () => new Promise((done) => setTimeout(done))
  const archive = shallowRef<string>()
  const tableOf = (name: string) => ({ page: [{ kind: 'group', name }] }) as Responses['run.table']
  const scope = effectScope()
  const { experiments } = scope.run(() => useRecentExperiments(() => archive.value))!
  const names = () => experiments.value.map(({ name }) => name)
  const early = host.last('run.table')
  archive.value = 'other'
  await nextTick()
  host.last('run.table').answer(tableOf('of the other'))
  await settled()
  early.answer(tableOf('of one’s own'))
  await settled()
  expect(names()).toEqual(['of the other'])
  archive.value = undefined
  await nextTick()
  expect(names()).toEqual([])
  scope.stop()
})
