import { onScopeDispose } from 'vue'

/** Asks for a call: it comes `rest` milliseconds later, once, however often it is asked for until then. */
export function useRested(rest: number, call: () => void): () => void {
  let timer = 0
  onScopeDispose(() => clearTimeout(timer))
  return () => {
    timer ||= window.setTimeout(() => {
      timer = 0
      call()
    }, rest)
  }
}
