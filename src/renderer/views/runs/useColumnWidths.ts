import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { TableLine } from '../../../shared/query/runTable.ts'
import { screenWidth } from '../../charts/screenText.ts'
import { groupText } from './groupText.ts'
import { cellText, stateText, type TableColumn } from './tableColumns.ts'

/** Of the table's type, in pixels: its size, the padding of a cell, and the room before a deviation. */
const [textSize, padding, gap] = [12.5, 16, 5]
/** The dot of a status, and the room after it. */
const dot = 16

/** The columns, each as wide as the longest number or dynamics that was shown in it: neither is ever cut. */
export function useColumnWidths(
  columns: Ref<readonly TableColumn[]>,
  shown: Ref<readonly TableLine[]>,
): ComputedRef<TableColumn[]> {
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

function widthIn(column: TableColumn, line: TableLine): number {
  if (column.id === 'status' && line.kind === 'run') {
    return Math.ceil(screenWidth(stateText(line.run) ?? '', textSize)) + dot + padding
  }
  if (!column.numeric && column.id !== 'dynamics') return 0
  if (line.kind === 'run') return Math.ceil(screenWidth(cellText(column, line.run), textSize)) + padding
  const { text, around } = groupText(column, line.readings[column.id], line.count)
  return Math.ceil(screenWidth(text, textSize) + (around ? gap + screenWidth(around, textSize) : 0)) + padding
}
