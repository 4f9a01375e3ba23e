import { nextTick, ref, watch, type Ref } from 'vue'

/**
 * Numbers as they are written, apart by commas. What is being written stays until other numbers are set, whatever is drawn anew
 * meanwhile; what is none, or too many, is kept to be put right, and `wrong` says so.
 */
export function useNumberEntry(numbers: Ref<number[]>, words: () => { label: string; several: boolean }) {
  const written = ref('')
  const wrong = ref('')

  function show() {
    written.value = textOf(numbers.value)
    wrong.value = ''
  }
  watch(() => textOf(numbers.value), show, { immediate: true })

  async function take() {
    const { label, several } = words()
    const entries = written.value
      .split(/[,;]/)
      .map((word) => word.replaceAll(/\s/g, ''))
      .filter(Boolean)
    const found = entries.map((word) => Number(word.replace('−', '-')))
    const place = found.findIndex((number) => !Number.isFinite(number))
    wrong.value =
      place >= 0
        ? `${label}: “${entries[place]!}” is not a number`
        : found.length > 1 && !several
          ? `${label}: one number, not ${found.length}`
          : ''
    if (wrong.value !== '') return
    numbers.value = found
    // Where none may be left out, those before stay.
    await nextTick()
    show()
  }

  return { written, wrong, take }
}

function textOf(numbers: readonly number[]): string {
  return numbers.map(String).join(', ')
}
