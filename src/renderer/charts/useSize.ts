import { onMounted, onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/** The size of an element in whole pixels, kept up to date; 0 × 0 until it is on the page. */
export function useSize(element: Readonly<ShallowRef<HTMLElement | null>>) {
  const size = shallowRef({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect
    size.value = { width: Math.floor(width), height: Math.floor(height) }
  })
  onMounted(() => element.value && observer.observe(element.value))
  onScopeDispose(() => observer.disconnect())
  return size
}
