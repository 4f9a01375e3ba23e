import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import {
  compute,
  resultOf,
  useComputation,
  type ComputationProgress,
  type Task,
} from '../../composables/useComputation.ts'
import { request } from '../../lab.ts'
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

const maxStates = 60

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
      await Promise.all(missing.map((id) => compute(keyOf(id), (task) => readStates(id, source, task))))
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }

  watch(() => [archive(), ...runIds()].join(), read, { immediate: true })
  return { states, ...useComputation(() => runIds().map(keyOf)), read, failure }
}

async function readStates(
  runId: string,
  archive: string | undefined,
  { signal, reportProgress }: Task,
): Promise<States> {
  const all = await request('run.snapshots', { runId, archive })
  const count = Math.min(maxStates, all.length)
  const chosen = Array.from(
    { length: count },
    (_, k) => all[Math.round((k * (all.length - 1)) / Math.max(1, count - 1))]!,
  )
  const matrix: States['matrix'][number][] = []
  for (const { step } of chosen) {
    if (signal.aborted) break
    reportProgress(matrix.length, chosen.length)
    matrix.push((await request('run.matrix', { runId, step, matrix: 'E', archive })).data)
  }
  return { tau: chosen.map(({ tau }) => tau), matrix }
}
