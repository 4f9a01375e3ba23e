import { shallowRef } from 'vue'
import type { HostEvents } from '../../shared/contract.ts'
import { on, request } from '../lab.ts'

const load = shallowRef<HostEvents['machine.load']>({ running: 0, queued: 0, slots: 1 })
let started = false

/** How many runs are at work and wait, out of how many that the machine takes at once. */
export function useMachineLoad() {
  if (!started) {
    started = true
    on('machine.load', (told) => (load.value = told))
    request('machine.describe', {}).then(
      ({ slots }) => (load.value = { ...load.value, slots }),
      () => {},
    )
  }
  return { load }
}
