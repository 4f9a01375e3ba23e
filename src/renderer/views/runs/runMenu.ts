import type { RunSummary } from '../../../shared/run.ts'
import type { MenuItem } from '../../components/DropMenu.vue'
import { useExportFormats } from '../../composables/useExportFormats.ts'
import { purgeRuns } from './purgeRuns.ts'
import { exportRun, moveRuns } from './runActions.ts'
import type { RunDialog } from './RunDialogs.vue'
import { rerunVerb, runVerbs } from './runVerbs.ts'
import { shelfOf } from '../../../shared/query/runTable.ts'

interface Place {
  archive: string | undefined
  open: (runId: string) => unknown
  /** Begins a new experiment from the run's specification. */
  copy: () => unknown
  ask: (kind: RunDialog['kind']) => unknown
}

/** What can be done with one run, given how it stands. */
export function runMenu(run: RunSummary, { archive, open, copy, ask }: Place): (MenuItem | null)[] {
  const runIds = [run.id]
  const exports = useExportFormats().value.map(({ name: format, label }) => ({
    label: `Export ${label}`,
    hint: `.${format}`,
    run: () => exportRun({ runId: run.id, format, ...(archive === undefined ? {} : { archive }) }),
  }))
  const look: (MenuItem | null)[] = [{ label: 'Open', hint: 'enter', run: () => open(run.id) }]
  if (archive !== undefined) return [...look, null, ...exports]
  const shelf = shelfOf(run)
  return [
    ...look,
    { label: 'New from this specification', run: copy },
    ...runVerbs([run]),
    rerunVerb([run], open),
    null,
    { label: 'Rename…', run: () => ask('rename') },
    { label: 'Notes…', run: () => ask('notes') },
    { label: 'Tag…', run: () => ask('tag') },
    null,
    ...exports,
    null,
    ...(shelf === 'library'
      ? [{ label: 'Archive', run: () => moveRuns(runIds, 'archived') }]
      : [{ label: 'Restore', run: () => moveRuns(runIds, 'library') }]),
    shelf === 'bin'
      ? { label: 'Purge', danger: true, run: () => purgeRuns(runIds) }
      : { label: 'Move to the bin', run: () => moveRuns(runIds, 'bin') },
  ]
}
