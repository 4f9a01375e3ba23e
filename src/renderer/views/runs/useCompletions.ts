import { computed, shallowRef, watch, type Ref } from 'vue'
import type { RequestInput } from '../../../shared/contract.ts'
import type { RunValueCount } from '../../../shared/contract/runs.ts'
import { runQueryCompletions, valueAt, type Completion } from '../../../shared/query/runQueryCompletions.ts'
import { request } from '../../lab.ts'

type Place = Pick<RequestInput<'run.values'>, 'archive' | 'shelf'>

const maxOffered = 8

/** What may follow in a filter that is being typed, and the one that is pointed at; `runs` says whose values. */
export function useCompletions(text: Ref<string>, cursor: Ref<number>, runs: () => Place) {
  const place = shallowRef(-1)
  const open = shallowRef(false)
  const values = useValues(
    computed(() => (open.value ? valueAt(text.value, cursor.value) : null)),
    runs,
  )
  const found = computed(() => {
    if (!open.value) return null
    const completions = runQueryCompletions(text.value, cursor.value, values.value)
    return { ...completions, options: completions.options.slice(0, maxOffered) }
  })
  const options = computed<readonly Completion[]>(() => found.value?.options ?? [])
  /** What the first option would add to the word at the end of the text. */
  const ghost = computed(() => {
    const option = options.value[Math.max(0, place.value)]
    if (!option || !found.value || text.value === '' || cursor.value !== text.value.length) return ''
    const typed = text.value.slice(found.value.from)
    const starts = typed !== '' && option.text.toLowerCase().startsWith(typed.toLowerCase())
    return starts ? option.text.slice(typed.length) : ''
  })
  watch(text, () => (place.value = -1))

  return {
    place,
    open,
    options,
    ghost,
    move(distance: number) {
      const count = options.value.length
      if (count > 0) place.value = (place.value + distance + count) % count
    },
    /** The text with an option taken, ready for what comes next. */
    take(option: Completion): string {
      const { from, to } = found.value!
      return `${text.value.slice(0, from)}${option.text} ${text.value.slice(to).trimStart()}`
    },
  }
}

/** The most frequent values of the field that one is written for; those known before stay while more is typed of it. */
function useValues(needed: Ref<ReturnType<typeof valueAt>>, runs: () => Place): Ref<readonly RunValueCount[]> {
  const values = shallowRef<readonly RunValueCount[]>([])
  let turn = 0
  watch(
    [() => needed.value?.field, () => needed.value?.typed, () => JSON.stringify(runs())],
    async ([field, typed], [before]) => {
      const requested = ++turn
      if (field !== before) values.value = []
      if (!field) return
      try {
        const answer = await request('run.values', { ...runs(), field: field.names[0], prefix: typed })
        if (requested === turn) values.value = answer
      } catch {
        // A filter can be written without completions; what is wrong shows where the runs themselves are read.
      }
    },
  )
  return values
}
