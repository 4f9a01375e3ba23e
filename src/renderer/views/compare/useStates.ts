import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import {
  compute,
  resultOf,
  useComputation,
  type ComputationProgress,
  type Task,
} from '../../composables/useComputation.ts'
import { request } from '../../lab.ts'
import { readStates } from '../../../shared/curves/readStates.ts'
import type { States } from '../../../shared/curves/stateDistance.ts'

export interface StateReader {
  /** First layers at the snapshots, by run id; complete runs only. */
  states: ComputedRef<ReadonlyMap<string, States>>
  /** Snapshots read, of all runs that are being read. */
  progress: ComputedRef<ComputationProgress | null>
  cancel: () => void
  /** Reads what is missing. */
  read: () => Promise<void>
  failure: ShallowRef<unknown>
}

/** The first layers of some runs at their snapshots, at most sixty of each, evenly chosen. */
export function useStates(runIds: () => readonly string[], archive: () => string | undefined): StateReader {
  const failure = shallowRef<unknown>(null)
  const keyOf = (runId: string) => `states ${runId} ${archive()}`
  const states = computed(
    () => new Map(runIds().flatMap((id) => [resultOf<States>(keyOf(id))].flatMap((own) => (own ? [[id, own]] : [])))),
  )
  let turn = 0

  async function read() {
    const requested = ++turn
    failure.value = null
    const missing = runIds().filter((id) => !states.value.has(id))
    try {
      const source = archive()
      await Promise.all(
        missing.map((id) =>
          compute(keyOf(id), (task) =>
            readStates({ runId: id, archive: source }, request, (done, of) => goOn(task, done, of)),
          ),
        ),
      )
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }

  watch(() => [archive(), ...runIds()].join(), read, { immediate: true })
  return { states, ...useComputation(() => runIds().map(keyOf)), read, failure }
}

function goOn({ signal, reportProgress }: Task, done: number, of: number): boolean {
  if (!signal.aborted) reportProgress(done, of)
  return !signal.aborted
}
