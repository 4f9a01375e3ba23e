import { shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { SweepDetail } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { request } from '../../lab.ts'

/** The runs of a sweep in their order, read on as they begin and end; one question at a time. */
export function useSweepRuns(detail: Ref<SweepDetail | null>): ShallowRef<readonly RunSummary[]> {
  const runs = shallowRef<readonly RunSummary[]>([])
  let of = ''
  let revision = 0
  let isAsking = false

  async function read() {
    if (isAsking || !detail.value?.spec) return
    isAsking = true
    const { id, key } = detail.value
    if (`${id} ${key}` !== of) [of, revision, runs.value] = [`${id} ${key}`, 0, []]
    try {
      const answer = await request('sweep.runs', { sweep: id, after: revision })
      if (detail.value?.id === id && answer.runs.length > 0) {
        const next = [...runs.value]
        for (const { place, run } of answer.runs) next[place] = run
        runs.value = next
        revision = answer.revision
      }
    } catch {
      // What is wrong with the folder shows where the sweep itself is read.
    } finally {
      isAsking = false
    }
  }
  watch(detail, read, { immediate: true })
  return runs
}
