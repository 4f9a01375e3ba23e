import { effectScope, ref, shallowRef } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useEstimates } from '../../../../src/renderer/views/new/useEstimates.ts'
import { estimateCost } from '../../../../src/shared/estimate.ts'
import type { BackendKind } from '../../../../src/shared/machine.ts'
import type { SpecDraft } from '../../../../src/shared/specification/paths.ts'
import { smallSpec } from '../../../support/archive.ts'
import { generation, host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('what a plan will cost is asked again of a host that was away', async () => {
  const scope = effectScope()
  const plan = shallowRef([{ spec: {} as SpecDraft, cell: null }])
  scope.run(() => useEstimates(plan, ref(1), ref({}), ref(undefined)))
  await vi.advanceTimersByTimeAsync(1000)
  host.last('experiment.estimate').refuse(new Error('the host is away'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(host.requested('experiment.estimate')).toHaveLength(1)
  generation.value++
  await vi.advanceTimersByTimeAsync(1000)
  expect(host.requested('experiment.estimate')).toHaveLength(2)
  scope.stop()
})

it('of a plan of several experiments each is foreseen among all the runs that start with it', async () => {
  const scope = effectScope()
  const plan = shallowRef(
    [
      [0, 1],
      [0, 1, 2],
    ].map((seeds) => ({ spec: { seeds } as SpecDraft, cell: 'a' })),
  )
  const backend = ref<BackendKind>('wasm')
  const { chosenStepsPerSecond } = scope.run(() => useEstimates(plan, ref(8), ref({}), backend))!
  host.forget()
  await vi.advanceTimersByTimeAsync(1000)
  const asked = () => host.requested('experiment.estimate').map(({ input }) => [input['together'], input['backend']])
  expect(asked()).toEqual([
    [5, 'wasm'],
    [5, 'wasm'],
  ])
  const spec = smallSpec()
  const foreseen = { problems: [], spec, estimate: estimateCost(spec, 1e9), wallSeconds: 1 }
  for (const { answer } of host.requested('experiment.estimate')) answer(foreseen)
  await vi.advanceTimersByTimeAsync(0)
  expect(asked().slice(2)).toEqual([[5, undefined]])
  host.last('experiment.estimate').answer(foreseen)
  await vi.advanceTimersByTimeAsync(0)
  expect(chosenStepsPerSecond.value).toBeGreaterThan(0)
  scope.stop()
})
