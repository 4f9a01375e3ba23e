import { shallowRef, type ShallowRef } from 'vue'
import { describePreparation } from '../../shared/preparation.ts'
import { on } from '../lab.ts'

const words: ShallowRef<ReadonlyMap<string, string>> = shallowRef(new Map())

/** What is done for a run that is about to begin, in words. */
export function preparationOf(runId: string): string | undefined {
  return words.value.get(runId)
}

/** From the start of the page: what was told before somebody looks is not told again. */
export function followPreparations(): void {
  on('run.preparing', ({ runId, preparation }) => {
    const next = new Map(words.value)
    if (preparation) next.set(runId, describePreparation(preparation))
    else next.delete(runId)
    words.value = next
  })
}
