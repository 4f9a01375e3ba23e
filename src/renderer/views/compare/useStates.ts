import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { request } from '../../lab.ts'
import type { States } from './stateDistance.ts'

export interface StateReader {
  /** First layers at the snapshots, by run id; complete runs only. */
  states: ShallowRef<ReadonlyMap<string, States>>
  read: ShallowRef<number>
  wanted: ShallowRef<number>
  failure: ShallowRef<unknown>
  done: ComputedRef<boolean>
}

const most = 60

/** The first layers of some runs at their snapshots, at most sixty of each, evenly chosen. */
export function useStates(runIds: () => readonly string[], archive: () => string | undefined): StateReader {
  const states = shallowRef<ReadonlyMap<string, States>>(new Map())
  const [read, wanted] = [shallowRef(0), shallowRef(0)]
  const failure = shallowRef<unknown>(null)
  let turn = 0

  async function readRun(runId: string, asked: number): Promise<void> {
    const all = await request('run.snapshots', { runId, archive: archive() })
    const count = Math.min(most, all.length)
    const chosen = Array.from(
      { length: count },
      (_, k) => all[Math.round((k * (all.length - 1)) / Math.max(1, count - 1))]!,
    )
    wanted.value += chosen.length
    const matrix: States['matrix'][number][] = []
    for (const { step } of chosen) {
      if (asked !== turn) return
      matrix.push((await request('run.matrix', { runId, step, matrix: 'E', archive: archive() })).data)
      read.value++
    }
    if (asked !== turn) return
    states.value = new Map(states.value).set(runId, { tau: chosen.map(({ tau }) => tau), matrix })
  }

  async function readAll() {
    const asked = ++turn
    const missing = runIds().filter((id) => !states.value.has(id))
    read.value = wanted.value = 0
    try {
      await Promise.all(missing.map((id) => readRun(id, asked)))
      if (asked === turn) failure.value = null
    } catch (error) {
      if (asked === turn) failure.value = error
    }
  }

  watch(() => [archive(), ...runIds()].join(), readAll, { immediate: true })
  return { states, read, wanted, failure, done: computed(() => runIds().every((id) => states.value.has(id))) }
}
