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
  const value = ref(readKept(name, initial, accept)) as Ref<Value>
  watch(value, (next) => keep(name, next), { deep: true })
  return value
}

/** What is kept now, for whoever only looks. */
export function readKept<Value>(name: string, initial: Value, accept: (kept: unknown) => boolean): Value {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(name)) ?? 'null')
    return kept !== null && accept(kept) ? (kept as Value) : initial
  } catch {
    return initial
  }
}

export function keep(name: string, value: unknown): void {
  localStorage.setItem(keyOf(name), JSON.stringify(value))
}

function keyOf(name: string): string {
  return `grokscope.${name}`
}
