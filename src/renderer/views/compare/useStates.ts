import { shallowRef, watch, type ShallowRef } from 'vue'
import { request } from '../../lab.ts'
import type { States } from './stateDistance.ts'

/** Bytes of matrices read for one comparison; of longer records every second, third … snapshot is taken. */
const mostBytes = 96 * 2 ** 20

export interface StateStore {
  states: ShallowRef<ReadonlyMap<string, States>>
  /** How many snapshots are read of how many; null when all are. */
  progress: ShallowRef<{ done: number; of: number } | null>
  failure: ShallowRef<unknown>
}

/** The first layer of each run at its snapshots. */
export function useStates(runIds: () => readonly string[], archive: () => string | undefined): StateStore {
  const states = shallowRef<ReadonlyMap<string, States>>(new Map())
  const progress = shallowRef<{ done: number; of: number } | null>(null)
  const failure = shallowRef<unknown>(null)
  let turn = 0

  async function read() {
    const asked = ++turn
    const place = archive() === undefined ? {} : { archive: archive() }
    failure.value = null
    try {
      const plans = await Promise.all(
        runIds().map(async (runId) => {
          const found = await request('run.snapshots', { runId, ...place })
          const withE = found.filter(({ matrices }) => matrices.some(({ name }) => name === 'E'))
          return { runId, snapshots: thin(withE, mostBytes / Math.max(1, runIds().length)) }
        }),
      )
      if (asked !== turn) return
      const of = plans.reduce((sum, { snapshots }) => sum + snapshots.length, 0)
      let done = 0
      progress.value = { done, of }
      const read = new Map<string, States>()
      for (const { runId, snapshots } of plans) {
        const matrix: States['matrix'][number][] = []
        for (const { step } of snapshots) {
          matrix.push((await request('run.matrix', { runId, step, matrix: 'E', ...place })).data)
          if (asked !== turn) return
          progress.value = { done: ++done, of }
        }
        read.set(runId, { tau: snapshots.map(({ tau }) => tau), matrix })
      }
      states.value = read
    } catch (error) {
      if (asked === turn) failure.value = error
    } finally {
      if (asked === turn) progress.value = null
    }
  }

  watch(() => [archive(), ...runIds()].join(), read, { immediate: true })
  return { states, progress, failure }
}

function thin<Snapshot extends { matrices: readonly { name: string; rows: number; columns: number }[] }>(
  snapshots: readonly Snapshot[],
  bytes: number,
): Snapshot[] {
  const E = snapshots[0]?.matrices.find(({ name }) => name === 'E')
  const most = E ? Math.max(2, Math.floor(bytes / (8 * E.rows * E.columns))) : 0
  const stride = Math.ceil(snapshots.length / Math.max(1, most))
  return snapshots.filter((_, place) => place % stride === 0 || place === snapshots.length - 1)
}
