import { computed, effectScope, shallowRef, type ComputedRef } from 'vue'
import { on, request } from '../lab.ts'
import { useRunCount } from './useRunCount.ts'

export interface MachineLoad {
  running: number
  queued: number
  slots: number
}

/** Shown wherever one is, so that it is kept for as long as the page is there. */
const scope = effectScope(true)
let load: ComputedRef<MachineLoad> | undefined

/** How many runs are at work and wait, out of how many that the machine takes at once. */
export function useMachineLoad(): { load: ComputedRef<MachineLoad> } {
  load ??= scope.run(followLoad)!
  return { load }
}

function followLoad(): ComputedRef<MachineLoad> {
  const slots = shallowRef(1)
  const running = useRunCount(() => ({ status: ['running'] }))
  const queued = useRunCount(() => ({ status: ['queued'] }))
  on('machine.load', (told) => (slots.value = told.slots))
  request('machine.describe', {}).then(
    (machine) => (slots.value = machine.slots),
    // Without an answer the load is shown out of one; the banner tells that the host is away.
    () => undefined,
  )
  return computed(() => ({ running: running.value, queued: queued.value, slots: slots.value }))
}
