import type { ComputedRef } from 'vue'
import { useCommands } from '../../composables/useCommands.ts'
import type { TableLine } from './arrangeRuns.ts'
import type { Selection } from './useSelection.ts'

/** The keys of the table of runs, and what the palette offers there. */
export function useRunsCommands(runs: {
  selection: Selection
  lines: ComputedRef<readonly TableLine[]>
  filter: () => void
  /** A run is shown, a group folds. */
  open: (line: TableLine) => unknown
  openArchive: () => unknown
  importArchive: () => unknown
}): void {
  const { selection } = runs
  const group = 'Runs'
  const atCursor = (act: (line: TableLine) => unknown) => () => {
    const line = runs.lines.value[selection.cursor.value]
    if (line) void act(line)
  }
  useCommands([
    { group, label: 'Filter', keys: '/', run: runs.filter },
    { group, label: 'Up', keys: 'arrowup', hidden: true, run: () => selection.move(-1) },
    { group, label: 'Down', keys: 'arrowdown', hidden: true, run: () => selection.move(1) },
    { group, label: 'Page up', keys: 'pageup', hidden: true, run: () => selection.move(-20) },
    { group, label: 'Page down', keys: 'pagedown', hidden: true, run: () => selection.move(20) },
    { group, label: 'Select', keys: 'space', hidden: true, run: atCursor((line) => selection.toggle(line)) },
    { group, label: 'Select all', keys: 'mod+a', run: () => selection.toggleAll() },
    { group, label: 'Open', keys: 'enter', hidden: true, run: atCursor(runs.open) },
    { group, label: 'Select none', keys: 'escape', hidden: true, run: () => selection.clear() },
    { group, label: 'Open archive…', run: runs.openArchive },
    { group, label: 'Import an archive…', run: runs.importArchive },
  ])
}
