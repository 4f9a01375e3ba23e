import { computed, effectScope, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { MachineDescription } from '../../shared/machine.ts'
import { generation, on, request } from '../lab.ts'
import { useRunCount } from './useRunCount.ts'

export interface MachineLoad {
  running: number
  queued: number
  slots: number
  /** Sweeps that the host computes, beside these runs. */
  sweeps: number
}

/** Shown wherever one is, so that it is kept for as long as the page is there. */
const scope = effectScope(true)
let followed: ReturnType<typeof follow> | undefined

/** How many runs are at work and wait, out of how many that the machine takes at once; and the machine, once described. */
export function useMachineLoad() {
  followed ??= scope.run(follow)!
  return followed
}

function follow(): { load: ComputedRef<MachineLoad>; machine: Readonly<ShallowRef<MachineDescription | null>> } {
  const machine = shallowRef<MachineDescription | null>(null)
  const slots = shallowRef(1)
  const running = useRunCount(() => ({ status: ['running'] }))
  const queued = useRunCount(() => ({ status: ['queued'] }))
  on('machine.load', (told) => (slots.value = told.slots))
  async function describe() {
    try {
      machine.value = await request('machine.describe', {})
      slots.value = machine.value.slots
    } catch {
      // What was known stays, at first one slot; the banner tells that the host is away.
    }
  }
  watch(generation, describe, { immediate: true })
  const computing = shallowRef<ReadonlySet<string>>(new Set())
  on('sweep.changed', ({ sweep, isComputing }) => {
    const others = [...computing.value].filter((id) => id !== sweep)
    computing.value = new Set(isComputing ? [...others, sweep] : others)
  })
  async function readSweeps() {
    try {
      const sweeps = await request('sweep.list', {})
      computing.value = new Set(sweeps.flatMap(({ id, state }) => (state === 'computing' ? id : [])))
    } catch {
      // As above.
    }
  }
  watch(generation, readSweeps, { immediate: true })
  const load = computed(() => ({
    ...{ running: running.value, queued: queued.value },
    ...{ slots: slots.value, sweeps: computing.value.size },
  }))
  return { load, machine }
}
