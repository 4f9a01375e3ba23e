import { shallowRef } from 'vue'
import type { PlotArea } from '../../shared/charts/plotArea.ts'

const leastWidth = 6

/** Drag across a chart to look closer; a press without a drag is passed on with both ends equal. */
export function useDragZoom(choose: (from: number, to: number) => [number, number]) {
  const zoom = shallowRef<[number, number] | null>(null)
  const drag = shallowRef<{ from: number; to: number } | null>(null)

  function start(event: PointerEvent, area: PlotArea) {
    const host = event.currentTarget as HTMLElement
    const within = (pixel: number) => Math.max(area.left, Math.min(area.right, pixel))
    const left = host.getBoundingClientRect().left
    const from = event.clientX - left
    if (event.button !== 0 || from < area.left - 4 || from > area.right + 4) return
    const move = ({ clientX }: PointerEvent) => {
      const to = within(clientX - left)
      drag.value = Math.abs(to - from) >= leastWidth ? { from: within(from), to } : null
    }
    const end = () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', end)
      const chosen = drag.value
      drag.value = null
      if (!chosen) choose(within(from), within(from))
      else zoom.value = choose(Math.min(chosen.from, chosen.to), Math.max(chosen.from, chosen.to))
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', end)
  }

  return { zoom, drag, start, reset: () => (zoom.value = null) }
}
