import { shallowRef, watch, type ShallowRef } from 'vue'
import { generation, request } from '../lab.ts'
import type { RunQuestion } from '../../shared/curves/readRuns.ts'
import { useTouched } from './useTouched.ts'

const restMilliseconds = 500

/** How many runs a question is about, kept up to date; 0 until it is known, and while there is no question. */
export function useRunCount(question: () => RunQuestion | null): ShallowRef<number> {
  const count = shallowRef(0)
  let turn = 0
  async function read() {
    const requested = ++turn
    const current = question()
    try {
      const total = current ? (await request('run.list', { ...current, limit: 1 })).total : 0
      if (requested === turn) count.value = total
    } catch {
      // The count that was known stays: what is wrong shows where the runs themselves are read.
    }
  }
  useTouched(restMilliseconds, read, () => question() !== null && question()?.archive === undefined)
  watch([() => JSON.stringify(question()), generation], read, { immediate: true })
  return count
}
