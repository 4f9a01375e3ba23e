import { onScopeDispose, shallowRef } from 'vue'
import type { PlotArea } from '../../shared/charts/plotArea.ts'

const minWidth = 6
/** Milliseconds within which a second press makes a double click of the first. */
const between = 300

/**
 * Drag across a chart to look closer, and double-click to see all. A press without a drag is passed on with both ends equal;
 * where it may be the first of a double click, once it is not.
 */
export function useDragZoom(choose: (from: number, to: number) => [number, number]) {
  const zoom = shallowRef<[number, number] | null>(null)
  const drag = shallowRef<{ from: number; to: number } | null>(null)
  let waiting: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(waiting))

  function start(event: PointerEvent, area: PlotArea) {
    const host = event.currentTarget as HTMLElement
    const within = (pixel: number) => Math.max(area.left, Math.min(area.right, pixel))
    const left = host.getBoundingClientRect().left
    const from = event.clientX - left
    if (event.button !== 0 || from < area.left - 4 || from > area.right + 4) return
    clearTimeout(waiting)
    const press = () => void choose(within(from), within(from))
    const move = ({ clientX }: PointerEvent) => {
      const to = within(clientX - left)
      drag.value = Math.abs(to - from) >= minWidth ? { from: within(from), to } : null
    }
    const end = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', end)
      const chosen = drag.value
      drag.value = null
      if (!chosen && zoom.value) waiting = setTimeout(press, between)
      else if (!chosen) press()
      else zoom.value = choose(Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to))
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', end)
  }

  function reset() {
    clearTimeout(waiting)
    zoom.value = null
  }

  return { zoom, drag, start, reset }
}
