import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

/** An address at which pictures find the markup of a drawing; a new one whenever it changes. */
export function useDrawingAddress(markup: () => string): ShallowRef<string> {
  const address = shallowRef('')
  watch(
    markup,
    (text) => {
      URL.revokeObjectURL(address.value)
      address.value = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
    },
    { immediate: true },
  )
  onScopeDispose(() => URL.revokeObjectURL(address.value))
  return address
}
