import {
  computed,
  onMounted,
  onScopeDispose,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
} from 'vue'
import { useSize } from '../../charts/useSize.ts'

export const rowHeight = 28
const headHeight = 30
/** Below the last line, for what is said about lines that are not there. */
const roomAfter = 60

interface Lines {
  /** How many there are. */
  count: Ref<number>
  /** The numbers of those that are on the page; `to` is excluded. */
  loaded: Ref<{ from: number; to: number }>
  look: (first: number, count: number) => void
}

/**
 * Which lines of a table are on the screen, and where. A place that is scrolled to before its lines are there is not
 * shown yet: up to the nearest place that is, so that no line is ever blank.
 */
export function useLinesInView(scroller: Readonly<ShallowRef<HTMLElement | null>>, { count, loaded, look }: Lines) {
  const size = useSize(scroller)
  const scrolled = shallowRef(0)
  const height = computed(() => Math.max(0, size.value.height - headHeight))
  const inView = computed(() => Math.ceil(height.value / rowHeight) + 1)
  const total = computed(() => headHeight + count.value * rowHeight + roomAfter)
  /** A table that has become shorter is shown up to its end before the browser has scrolled there. */
  const needed = computed(() => Math.max(0, Math.min(scrolled.value, total.value - headHeight - height.value)))
  const offset = computed(() => {
    const { from, to } = loaded.value
    const first = from * rowHeight
    const last = to >= count.value ? Infinity : Math.max(first, to * rowHeight - height.value)
    return Math.max(first, Math.min(needed.value, last))
  })

  const follow = () => (scrolled.value = scroller.value?.scrollTop ?? 0)
  onMounted(() => scroller.value?.addEventListener('scroll', follow, { passive: true }))
  onScopeDispose(() => scroller.value?.removeEventListener('scroll', follow))
  watch([() => Math.floor(needed.value / rowHeight), inView], ([first, lines]) => look(first, lines), {
    immediate: true,
  })

  const shown: ComputedRef<{ first: number; end: number; top: number; after: number }> = computed(() => {
    const first = Math.floor(offset.value / rowHeight)
    return {
      first,
      end: Math.min(first + inView.value, loaded.value.to),
      /** Of the first of them, and of what comes after the last line. */
      top: first * rowHeight - offset.value,
      after: count.value * rowHeight - offset.value,
    }
  })

  return {
    shown,
    /** Of the lines alone, and of all there is to scroll through. */
    height,
    total,
    /** Scrolls no further than it takes for the line to be in view. */
    show(place: number) {
      if (place < 0 || !scroller.value) return
      const top = place * rowHeight
      const min = top + rowHeight - height.value
      scroller.value.scrollTop = Math.max(min, Math.min(top, scroller.value.scrollTop))
    },
  }
}
