import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import {
  cancelComputations,
  compute,
  resultOf,
  useComputation,
  type ComputationProgress,
  type Task,
} from '../../composables/useComputation.ts'
import { request } from '../../lab.ts'
import { readStates } from '../../../shared/curves/readStates.ts'
import type { States } from '../../../shared/curves/stateDistance.ts'
import type { RunSummary } from '../../../shared/run.ts'

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

type ReadRun = Pick<RunSummary, 'id' | 'status' | 'step' | 'steps'>

/**
 * The first layers of some runs at their snapshots, at most sixty of each, evenly chosen. Those of a run that has gone on are read
 * anew as often as its summary tells so, and what was read stays until then.
 */
export function useStates(runs: () => readonly ReadRun[], archive: () => string | undefined): StateReader {
  const failure = shallowRef<unknown>(null)
  const nameOf = ({ id }: ReadRun) => `states ${id} ${archive()} `
  const keyOf = (run: ReadRun) => `${nameOf(run)}${run.status} ${run.step} ${run.steps}`
  const known = computed<ReadonlyMap<string, States>>(
    (before) =>
      new Map(
        runs().flatMap((run) => {
          const own = resultOf<States>(keyOf(run)) ?? before?.get(nameOf(run))
          return own ? [[nameOf(run), own]] : []
        }),
      ),
  )
  let turn = 0

  async function read() {
    const requested = ++turn
    failure.value = null
    const missing = runs().filter((run) => resultOf(keyOf(run)) === null)
    const source = archive()
    for (const run of missing) cancelComputations((key) => key.startsWith(nameOf(run)) && key !== keyOf(run))
    try {
      await Promise.all(
        missing.map((run) =>
          compute(keyOf(run), (task) =>
            readStates({ runId: run.id, archive: source }, request, (done, of) => goOn(task, done, of)),
          ),
        ),
      )
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }

  watch(() => runs().map(keyOf).join(), read, { immediate: true })
  return {
    states: computed(
      () =>
        new Map(
          runs().flatMap((run) => {
            const own = known.value.get(nameOf(run))
            return own ? [[run.id, own]] : []
          }),
        ),
    ),
    ...useComputation(() => runs().map(keyOf)),
    read,
    failure,
  }
}

function goOn({ signal, reportProgress }: Task, done: number, of: number): boolean {
  if (!signal.aborted) reportProgress(done, of)
  return !signal.aborted
}
