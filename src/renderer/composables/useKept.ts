import { ref, watch, type Ref } from 'vue'

/**
 * A value that this browser keeps between visits under a name of its own; `accept` refuses what an older version left
 * in another form.
 */
export function useKept<Value>(
  name: string,
  initial: Value,
  accept: (kept: unknown) => boolean = (kept) => typeof kept === typeof initial,
): Ref<Value> {
  const key = `grokscope.${name}`
  const value = ref(read(key, initial, accept)) as Ref<Value>
  watch(value, (next) => localStorage.setItem(key, JSON.stringify(next)), { deep: true })
  return value
}

function read<Value>(key: string, initial: Value, accept: (kept: unknown) => boolean): Value {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return kept !== null && accept(kept) ? (kept as Value) : initial
  } catch {
    return initial
  }
}
