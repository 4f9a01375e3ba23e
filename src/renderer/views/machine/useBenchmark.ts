import { shallowRef } from 'vue'
import type { BackendTiming } from '../../../shared/machine.ts'
import { tellFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'

const timings = shallowRef<readonly BackendTiming[]>([])
/** Seconds since the start; null while none is under way. */
const elapsed = shallowRef<number | null>(null)

/** The one-minute benchmark: one at a time, and it goes on while another view is open. */
export function useBenchmark() {
  return { timings, elapsed, start }
}

async function start(): Promise<void> {
  if (elapsed.value !== null) return
  const began = performance.now()
  elapsed.value = 0
  const timer = setInterval(() => (elapsed.value = (performance.now() - began) / 1000), 1000)
  try {
    timings.value = await request('machine.benchmark', {})
  } catch (error) {
    tellFailure(error)
  } finally {
    clearInterval(timer)
    elapsed.value = null
  }
}
