import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { screenWidth } from '../../charts/screenText.ts'
import type { TableLine } from './arrangeRuns.ts'
import { groupReading } from './groupReading.ts'
import { cellText, stateText, type RunColumn } from './runColumns.ts'

/** Of the table's type, in pixels: its size, the padding of a cell, and the room before a deviation. */
const [textSize, padding, gap] = [12.5, 16, 5]
/** The dot of a status, and the room after it. */
const dot = 16

/** The columns, each as wide as the longest number that was shown in it: numbers are never cut. */
export function useColumnWidths(
  columns: Ref<readonly RunColumn[]>,
  shown: Ref<readonly TableLine[]>,
): ComputedRef<RunColumn[]> {
  const widest = shallowRef<ReadonlyMap<string, number>>(new Map())
  watch(
    [columns, shown],
    () => {
      const grown = new Map(widest.value)
      for (const column of columns.value) {
        const needed = Math.max(0, ...shown.value.map((line) => widthIn(column, line)))
        if (needed > (grown.get(column.id) ?? column.width)) grown.set(column.id, needed)
      }
      if ([...grown].some(([id, width]) => widest.value.get(id) !== width)) widest.value = grown
    },
    { immediate: true },
  )
  return computed(() =>
    columns.value.map((column) => ({ ...column, width: Math.max(column.width, widest.value.get(column.id) ?? 0) })),
  )
}

function widthIn(column: RunColumn, line: TableLine): number {
  if (column.id === 'status' && line.kind === 'run') {
    return Math.ceil(screenWidth(stateText(line.run) ?? '', textSize)) + dot + padding
  }
  if (!column.numeric) return 0
  if (line.kind === 'run') return Math.ceil(screenWidth(cellText(column, line.run), textSize)) + padding
  const { text, around } = groupReading(column, line.runs)
  return Math.ceil(screenWidth(text, textSize) + (around ? gap + screenWidth(around, textSize) : 0)) + padding
}
