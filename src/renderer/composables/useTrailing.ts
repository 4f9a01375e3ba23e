import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

const moment = 60

/**
 * A value that follows its source a moment later, and no more often: for what stands beside the picture that a person is
 * moving, so that the picture itself has the first frame.
 */
export function useTrailing<Value>(source: () => Value): Readonly<ShallowRef<Value>> {
  const value = shallowRef(source()) as ShallowRef<Value>
  let timer = 0
  watch(source, () => {
    timer ||= window.setTimeout(() => {
      timer = 0
      value.value = source()
    }, moment)
  })
  onScopeDispose(() => clearTimeout(timer))
  return value
}
