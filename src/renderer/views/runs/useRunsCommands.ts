import type { TableLine } from '../../../shared/query/runTable.ts'
import { useCommands } from '../../composables/useCommands.ts'
import type { RunTable } from './useRunTable.ts'

/** The keys of the table of runs, and what the palette offers there. */
export function useRunsCommands(runs: {
  table: RunTable
  filter: () => void
  /** A run is shown, a group folds. */
  open: (line: TableLine) => unknown
  /** Whether runs of the shelf that is shown can go to the bin. */
  canBin: () => boolean
  bin: (runIds: string[]) => unknown
  openArchive: () => unknown
  importArchive: () => unknown
}): void {
  const { selection, lineAt } = runs.table
  const group = 'Runs'
  const atCursor = (act: (line: TableLine) => unknown) => () => {
    const line = lineAt(selection.cursor.value)
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
    {
      group,
      label: 'Move to the bin',
      keys: 'delete',
      sends: 'run.move',
      enabled: () => runs.canBin() && selection.selected.value.length > 0,
      run: () => runs.bin(selection.selected.value),
    },
    { group, label: 'Select none', keys: 'escape', hidden: true, run: () => selection.clear() },
    { group, label: 'Open archive…', run: runs.openArchive },
    { group, label: 'Import an archive…', sends: 'archive.import', run: runs.importArchive },
  ])
}
