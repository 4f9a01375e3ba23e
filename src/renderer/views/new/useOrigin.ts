import { shallowRef, watch, type Ref } from 'vue'
import type { BranchOrigin } from '../../../shared/specification/specificationOfRun.ts'
import { generation, request } from '../../lab.ts'

/** What this archive has of a snapshot that a run began from: neither, its run alone, or both. */
export type OriginFound = 'unknown' | 'nothing' | 'run' | 'snapshot'

/** Whether the archive has what a run began from, whose JSON may have come from another one. */
export function useOrigin(origin: () => BranchOrigin | null): Readonly<Ref<OriginFound>> {
  const found = shallowRef<OriginFound>('unknown')
  let turn = 0
  watch(
    [() => origin()?.runId, () => origin()?.step, generation],
    async ([runId, step]) => {
      const own = ++turn
      found.value = 'unknown'
      if (runId === undefined) return
      const asked = [request('run.list', { runIds: [runId] }), request('run.snapshots', { runId })] as const
      // Asked again once there is another connection.
      const answers = await Promise.all(asked).catch(() => null)
      if (!answers || own !== turn) return
      const [{ runs }, kept] = answers
      found.value = runs.length === 0 ? 'nothing' : kept.some((each) => each.step === step) ? 'snapshot' : 'run'
    },
    { immediate: true },
  )
  return found
}
