import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useRunDetails } from '../../../src/renderer/composables/useRunDetails.ts'
import type { Responses } from '../../../src/shared/contract.ts'
import type { MeasurementName } from '../../../src/shared/measurements.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { generation, host } from '../../support/fakeLab.ts'
import { runSummary } from '../../support/runSummary.ts'

vi.mock('../../../src/renderer/lab.ts', () => import('../../support/fakeLab.ts'))

const ended = runSummary({ id: 'a' })
const queued = runSummary({ id: 'b', status: 'queued', step: 0 })
const shown = (run: RunSummary, measured: MeasurementName[] = []) => ({ ...run, measured }) as Responses['run.show']
const settled = () => new Promise((done) => setTimeout(done))

let scope: EffectScope
const runs = shallowRef<readonly RunSummary[]>([])
const archive = shallowRef<string>()
let details: ReturnType<typeof useRunDetails>
const measured = (id: string) => details.value.get(id)?.measured
const asked = () => host.requested('run.show').map(({ input }) => input['runId'])

/** The answers to all that was asked since. */
async function answer(...of: Responses['run.show'][]) {
  await nextTick()
  const requests = host.requested('run.show').slice(-of.length)
  of.forEach((run, place) => requests[place]!.answer(run))
  await settled()
}

beforeEach(() => {
  host.forget()
  runs.value = [ended, queued]
  archive.value = undefined
  scope = effectScope()
  details = scope.run(() =>
    useRunDetails(
      () => runs.value,
      () => archive.value,
    ),
  )!
})
afterEach(() => scope.stop())

it('are read once, and not again as a run goes on', async () => {
  await answer(shown(ended, ['testAccuracy']), shown(queued))
  expect([asked(), measured('a'), measured('b')]).toEqual([['a', 'b'], ['testAccuracy'], []])
  runs.value = [ended, { ...queued, step: 7, sequence: 3 }]
  await nextTick()
  expect(asked()).toEqual(['a', 'b'])
})

it('are read again of a run that has begun, ended or been extended, and stay until then', async () => {
  await answer(shown(ended), shown(queued))
  const finished = runSummary({ id: 'b' })
  runs.value = [ended, finished]
  await nextTick()
  expect([asked(), measured('b')]).toEqual([['a', 'b', 'b'], []])
  await answer(shown(finished, ['trainLoss']))
  expect(measured('b')).toEqual(['trainLoss'])
  runs.value = [{ ...ended, steps: 9000 }, finished]
  await answer(shown({ ...ended, steps: 9000 }))
  expect([asked().slice(3), details.value.get('a')?.steps]).toEqual([['a'], 9000])
})

it('are not those that are told late of what a run was before', async () => {
  const finished = runSummary({ id: 'b' })
  await nextTick()
  const [, early] = host.requested('run.show')
  runs.value = [ended, finished]
  await answer(shown(finished, ['trainLoss']))
  host.requested('run.show')[0]!.answer(shown(ended))
  early!.answer(shown(queued))
  await settled()
  expect([measured('a'), measured('b')]).toEqual([[], ['trainLoss']])
})

it('are of the archive that is looked at, where another has runs of the same ids', async () => {
  await answer(shown(ended, ['testAccuracy']), shown(queued))
  archive.value = 'other'
  await nextTick()
  expect(details.value.size).toBe(0)
  expect(host.last('run.show').input).toEqual({ runId: 'b', archive: 'other' })
  await answer(shown(ended, ['trainLoss']), shown(queued))
  expect(measured('a')).toEqual(['trainLoss'])
  archive.value = undefined
  await nextTick()
  expect([measured('a'), asked().length]).toEqual([['testAccuracy'], 4])
})

it('name what a run begins to measure', async () => {
  await answer(shown(ended), shown(queued, ['trainLoss']))
  const times = { step: Float64Array.of(0), tau: Float64Array.of(0), seconds: Float64Array.of(0) }
  const values = { trainLoss: Float64Array.of(1), testAccuracy: Float64Array.of(0) }
  host.emit('run.measured', { runId: 'b', ...times, values })
  expect([measured('a'), measured('b')]).toEqual([[], ['trainLoss', 'testAccuracy']])
  archive.value = 'other'
  await answer(shown(ended), shown(queued))
  host.emit('run.measured', { runId: 'b', ...times, values })
  expect(measured('b')).toEqual([])
})

it('that could not be read are asked for again once the host is back', async () => {
  await nextTick()
  const [a, b] = host.requested('run.show')
  a!.answer(shown(ended))
  b!.refuse(new Error('the host is away'))
  await settled()
  expect([...details.value.keys()]).toEqual(['a'])
  generation.value++
  await answer(shown(ended), shown(queued))
  expect([...details.value.keys()]).toEqual(['a', 'b'])
})
