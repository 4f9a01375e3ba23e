import { computed, shallowRef } from 'vue'
import { on, request } from '../lab.ts'
import { useRuns } from './useRuns.ts'

const slots = shallowRef(1)
let asked = false

/** How many runs are at work and wait, out of how many that the machine takes at once. */
export function useMachineLoad() {
  const { runs } = useRuns()
  if (!asked) {
    asked = true
    on('machine.load', (load) => (slots.value = load.slots))
    request('machine.describe', {}).then(
      (machine) => (slots.value = machine.slots),
      // Without an answer the load is shown out of one; the banner tells that the host is away.
      () => undefined,
    )
  }
  const count = (status: string) => runs.value.filter((run) => run.status === status).length
  const load = computed(() => ({ running: count('running'), queued: count('queued'), slots: slots.value }))
  return { load }
}
