import { useKeys, type ControlKey } from '../composables/useCommands.ts'
import { showToast, showFailure } from '../composables/useToasts.ts'

/** What the keys of a chart do that has the focus: the same as a pointer. */
export interface ChartCursor {
  /** To the next value or curve that way; far where it is to be a good part of the chart. */
  move: (right: number, down: number, isFar: boolean) => void
  toEnd: (direction: 1 | -1) => void
  /** What a click there does. */
  choose: () => void
  /** What is read at the cursor, as lines of columns; null where it is nowhere. */
  text: () => string | null
  leave: () => void
  /** Closer by a factor around the cursor, farther below 1, all of it at 0; where a chart can be zoomed. */
  zoom?: (factor: number) => void
}

/** A chart that is a picture only has none, and none stand for it in the map of keys. */
export function useChartKeys(hasKeys: boolean, cursor: ChartCursor): (event: KeyboardEvent) => void {
  if (!hasKeys) return () => {}
  const arrows = { arrowright: [1, 0], arrowleft: [-1, 0], arrowdown: [0, 1], arrowup: [0, -1] } as const
  const zooms: ControlKey[] = cursor.zoom
    ? [
        { label: 'Zoom in', keys: '+', run: () => cursor.zoom!(2) },
        { label: 'Zoom out', keys: '-', run: () => cursor.zoom!(0.5) },
        { label: 'Show all', keys: '0', run: () => cursor.zoom!(0) },
      ]
    : []
  return useKeys('On a chart', [
    ...Object.entries(arrows).flatMap(([key, [right, down]]): ControlKey[] => [
      {
        label: right + down > 0 ? 'Next value' : 'Value before',
        keys: key,
        run: () => cursor.move(right, down, false),
      },
      {
        label: right + down > 0 ? 'Jump ahead' : 'Jump back',
        keys: `shift+${key}`,
        run: () => cursor.move(right, down, true),
      },
    ]),
    { label: 'First', keys: 'home', run: () => cursor.toEnd(-1) },
    { label: 'Last', keys: 'end', run: () => cursor.toEnd(1) },
    { label: 'Take it, as a click does', keys: 'enter', run: cursor.choose },
    { label: 'Copy what is read there', keys: 'mod+c', run: () => copy(cursor.text()) },
    { label: 'Leave the value', keys: 'escape', enabled: () => cursor.text() !== null, run: cursor.leave },
    ...zooms,
  ])
}

async function copy(text: string | null): Promise<void> {
  if (text === null) return
  try {
    await navigator.clipboard.writeText(text)
    showToast('What is read there is on the clipboard.')
  } catch (error) {
    showFailure(error)
  }
}
