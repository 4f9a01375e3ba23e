import { computed, shallowRef, watch, type Ref } from 'vue'
import type { Command } from '../composables/useCommands.ts'

/** What can be gone to by some words, the most fitting first; with none, what was used last. */
export type Finder = (query: string) => Promise<readonly Command[]>

interface Answer {
  query: string
  found: readonly Command[]
  failure?: unknown
}

/**
 * What finders know of a query, asked anew while it is typed: of each finder one question is on its way at a time, and the
 * newest comes next. What an earlier question found stays until then.
 */
export function useFound(finders: readonly Finder[], query: Ref<string>, open: Ref<boolean>) {
  const answers = shallowRef<ReadonlyMap<Finder, Answer>>(new Map())
  const asking = new Set<Finder>()
  const isBehind = (finder: Finder) => answers.value.get(finder)?.query !== query.value

  async function ask(finder: Finder) {
    if (asking.has(finder)) return
    asking.add(finder)
    while (open.value && isBehind(finder)) {
      const requested = query.value
      const answer = await finder(requested).then(
        (found) => ({ query: requested, found }),
        (failure: unknown) => ({ query: requested, found: [], failure }),
      )
      answers.value = new Map(answers.value).set(finder, answer)
    }
    asking.delete(finder)
  }

  watch([query, open], () => {
    if (!open.value) answers.value = new Map()
    else for (const finder of finders) void ask(finder)
  })

  return {
    answers: computed(() => finders.flatMap((finder) => answers.value.get(finder) ?? [])),
    /** Whether an answer to what stands there now is still to come. */
    isBehind: computed(() => finders.some(isBehind)),
  }
}
