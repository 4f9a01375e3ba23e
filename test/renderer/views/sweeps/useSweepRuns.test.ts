import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { useSweepRuns } from '../../../../src/renderer/views/sweeps/useSweepRuns.ts'
import type { SweepDetail } from '../../../../src/shared/contract/sweeps.ts'
import { host } from '../../../support/fakeLab.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

it('the runs of a sweep are asked for once those of the one that was left have come, which are not shown as its own', async () => {
  const sweepOf = (id: string) => ({ id, key: `key of ${id}`, seeds: 1, spec: {} }) as SweepDetail
  const answerOf = (id: string) => ({ revision: 1, runs: [{ place: 0, run: runSummary({ id }) }], added: [] })
  const settled = () => new Promise((done) => setTimeout(done))
  const detail = shallowRef<SweepDetail | null>(sweepOf('a'))
  const scope = effectScope()
  const { all } = scope.run(() => useSweepRuns(detail))!
  const ids = () => all.value.map(({ id }) => id)
  const asked = () => host.requested('sweep.runs').map(({ input }) => input['sweep'])
  detail.value = null
  await nextTick()
  detail.value = sweepOf('b')
  await nextTick()
  host.requested('sweep.runs')[0]!.answer(answerOf('run of a'))
  await settled()
  expect([asked(), ids()]).toEqual([['a', 'b'], []])
  host.last('sweep.runs').answer(answerOf('run of b'))
  await settled()
  expect([asked(), ids()]).toEqual([['a', 'b'], ['run of b']])
  scope.stop()
})
