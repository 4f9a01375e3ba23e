import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useMachineLoad } from '../../../src/renderer/composables/useMachineLoad.ts'
import type { MachineDescription } from '../../../src/shared/machine.ts'
import { generation, host } from '../../support/fakeLab.ts'

vi.mock('../../../src/renderer/lab.ts', () => import('../../support/fakeLab.ts'))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('the machine is the one of the host that answers, also after another was away', async () => {
  const { load, machine } = useMachineLoad()
  host.last('machine.describe').refuse(new Error('the host is away'))
  await vi.advanceTimersByTimeAsync(0)
  expect([load.value.slots, machine.value]).toEqual([1, null])
  generation.value++
  await vi.advanceTimersByTimeAsync(0)
  const described = { slots: 4 } as MachineDescription
  host.last('machine.describe').answer(described)
  await vi.advanceTimersByTimeAsync(0)
  expect([load.value.slots, machine.value]).toEqual([4, described])
})
