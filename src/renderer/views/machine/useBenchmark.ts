import { computed } from 'vue'
import type { BackendTiming } from '../../../shared/machine.ts'
import { compute, isCancelled, resultOf, useComputation } from '../../composables/useComputation.ts'
import { showFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'

const key = 'benchmark'

/** The one-minute benchmark: one at a time, and it goes on while another view is open. */
export function useBenchmark() {
  const timings = computed(() => resultOf<readonly BackendTiming[]>(key) ?? [])
  return { timings, ...useComputation(() => [key]), start }
}

async function start(): Promise<void> {
  try {
    await compute(key, ({ name }) => request('machine.benchmark', { computation: name }))
  } catch (error) {
    if (!isCancelled(error)) showFailure(error)
  }
}
