import { effectScope, nextTick, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { useComparedCurves, type CurveQuery } from '../../../src/renderer/curves/useComparedCurves.ts'
import type { Responses } from '../../../src/shared/contract.ts'
import { host } from '../../support/fakeLab.ts'

vi.mock('../../../src/renderer/lab.ts', () => import('../../support/fakeLab.ts'))

it('curves that are compared stay until those of other measurements are read, and are not those of another archive', async () => {
  vi.stubGlobal('document', { hidden: true })
  const settled = () => new Promise((done) => setTimeout(done))
  const answerOf = (...values: number[]): Responses['run.curves'] => {
    const [step, value] = [Float64Array.from(values, (_, place) => place), Float64Array.from(values)]
    return [{ runId: 'a', curves: { testMse: { step, tau: step, seconds: step, value } } }]
  }
  const query = shallowRef<CurveQuery>({ runIds: ['a'], measurements: ['testMse'] })
  const scope = effectScope()
  const { curves, ready, failure } = scope.run(() => useComparedCurves(() => [query.value]))!
  const values = () => [...(curves.value.get('a')?.testMse?.value ?? [])]
  host.last('run.curves').answer(answerOf(3, 2))
  await settled()
  query.value = { ...query.value, points: 7 }
  await nextTick()
  expect(values()).toEqual([3, 2])
  const late = host.last('run.curves')
  query.value = { ...query.value, archive: 'other' }
  await nextTick()
  late.answer(answerOf(3, 2))
  await settled()
  expect([values(), ready.value]).toEqual([[], false])
  host.last('run.curves').refuse(new Error('the archive is closed'))
  await settled()
  expect([values(), (failure.value as Error).message]).toEqual([[], 'the archive is closed'])
  scope.stop()
  vi.unstubAllGlobals()
})
