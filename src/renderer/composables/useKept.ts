import { effectScope, getCurrentScope, onScopeDispose, ref, watch, type Ref } from 'vue'

/** By its name, the value of the view that is shown now. */
const shown = new Map<string, { value: Ref<unknown>; accept: (kept: unknown) => boolean }>()

/**
 * A value that this browser keeps between visits under a name of its own; `accept` refuses what an older version left
 * in another form. It is kept also when the view has gone, as by an Undo that the view offered before, and is then what a view shows that
 * has come since.
 */
export function useKept<Value>(
  name: string,
  initial: Value,
  accept: (kept: unknown) => boolean = (kept) => typeof kept === typeof initial,
): Ref<Value> {
  const value = ref(readKept(name, initial, accept)) as Ref<Value>
  shown.set(name, { value, accept })
  if (getCurrentScope()) onScopeDispose(() => shown.get(name)?.value === value && shown.delete(name))
  effectScope(true).run(() =>
    watch(
      value,
      (next) => {
        const now = shown.get(name)
        if (now && now.value !== value) {
          if (now.accept(next)) now.value.value = next
          // What was written there is not overwritten by what does not belong there.
          else if (readKept<unknown>(name, null, now.accept) !== null) return
        }
        keep(name, next)
      },
      { deep: true },
    ),
  )
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

export function forget(name: string): void {
  localStorage.removeItem(keyOf(name))
}

/** The names under which something is kept, of those that begin so. */
export function keptNames(beginning: string): string[] {
  const all = Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i) ?? '')
  return all.filter((key) => key.startsWith(keyOf(beginning))).map((key) => key.slice(keyOf('').length))
}

function keyOf(name: string): string {
  return `grokscope.${name}`
}
