import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { useWatched } from '../../composables/useWatched.ts'
import { showFailure } from '../../composables/useToasts.ts'
import { generation, on, request } from '../../lab.ts'

/** The steps of a run's snapshots, in their order, as they are saved; none while they are read. */
export function useSnapshotSteps(
  run: () => { runId: string; archive?: string | undefined },
): ShallowRef<readonly number[]> {
  const steps = shallowRef<readonly number[]>([])
  let turn = 0
  async function read() {
    const requested = ++turn
    const { runId, archive } = run()
    try {
      const found = await request('run.snapshots', { runId, archive })
      if (requested === turn) steps.value = found.map(({ step }) => step)
    } catch (error) {
      if (requested === turn) showFailure(error)
    }
  }
  watch(
    () => JSON.stringify([run().runId, run().archive]),
    () => {
      steps.value = []
      void read()
    },
    { immediate: true },
  )
  watch(generation, read)
  const end = on('run.snapshotSaved', ({ runId, snapshot: { step } }) => {
    if (runId !== run().runId || run().archive !== undefined) return
    steps.value = [...new Set([...steps.value, step])].sort((a, b) => a - b)
  })
  onScopeDispose(() => {
    turn++
    end()
  })
  useWatched(() => (run().archive === undefined ? [run().runId] : []))
  return steps
}
