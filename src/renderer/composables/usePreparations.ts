import { shallowRef, type ShallowRef } from 'vue'
import { describePreparation } from '../../shared/preparation.ts'
import { on } from '../lab.ts'

const words: ShallowRef<ReadonlyMap<string, string>> = shallowRef(new Map())
let listening = false

/** What is done for runs that are about to begin, in words, by run id. */
export function usePreparations(): ShallowRef<ReadonlyMap<string, string>> {
  if (!listening) {
    listening = true
    on('run.preparing', ({ runId, preparation }) => {
      words.value = new Map(words.value).set(runId, describePreparation(preparation))
    })
    on('run.changed', (runs) => {
      // It waits until it has begun, or was refused.
      const over = runs.filter(({ id, status }) => status !== 'queued' && words.value.has(id))
      if (over.length === 0) return
      const left = new Map(words.value)
      for (const { id } of over) left.delete(id)
      words.value = left
    })
  }
  return words
}
