import { computed, shallowRef, watch, type Ref } from 'vue'
import type { RunSummary } from '../../../shared/run.ts'
import { runQueryCompletions, type Completion } from '../../../shared/query/runQueryCompletions.ts'

const most = 8

/** What may follow in a filter that is being typed, and the one that is pointed at. */
export function useCompletions(text: Ref<string>, cursor: Ref<number>, runs: Ref<readonly RunSummary[]>) {
  const place = shallowRef(-1)
  const open = shallowRef(false)
  const found = computed(() => {
    if (!open.value) return null
    const completions = runQueryCompletions(text.value, cursor.value, runs.value)
    return { ...completions, options: completions.options.slice(0, most) }
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
