import type { RunSummary } from '../../../shared/run.ts'
import type { MenuItem } from '../../components/DropMenu.vue'
import { exportFormatsOf } from '../../composables/exportFormatsOf.ts'
import { purgeRuns } from './purgeRuns.ts'
import { withFailureToast, exportArchive, exportRun, moveRuns } from '../../composables/runActions.ts'
import type { RunDialog } from './RunDialogs.vue'
import { rerunVerb, runVerbs } from '../../composables/runVerbs.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { shelfOf, type GroupLine, type Shelf } from '../../../shared/query/runTable.ts'

interface Place {
  archive: string | undefined
  open: (runId: string) => unknown
  /** Whether a newer version made it. */
  isNewer: boolean
  /** Begins a new experiment from the run's specification. */
  copy: () => unknown
  ask: (kind: RunDialog['kind']) => unknown
  /** The runs that are chosen, itself perhaps among them. */
  selected: readonly string[]
  compare: (runIds: string[]) => unknown
}

/** What can be done with one run, given how it stands. */
export function runMenu(
  run: RunSummary,
  { archive, open, isNewer, copy, ask, selected, compare }: Place,
): (MenuItem | null)[] {
  const runIds = [run.id]
  const others = selected.filter((id) => id !== run.id)
  const exports = exportFormatsOf(run).map(({ name: format, label, ending }) => ({
    label: `Export ${label}`,
    hint: `.${ending}`,
    run: () => exportRun({ runId: run.id, format, ...(archive === undefined ? {} : { archive }) }),
  }))
  const look: (MenuItem | null)[] = [
    { label: 'Open', hint: 'enter', run: () => open(run.id) },
    {
      label: others.length > 0 ? `Compare with ${formatCount(others.length)} selected` : 'Compare',
      run: () => compare([run.id, ...others]),
    },
  ]
  if (archive !== undefined) return [...look, null, ...exports]
  const shelf = shelfOf(run)
  return [
    ...look,
    { label: 'New from this specification', run: copy },
    ...runVerbs([run], { isNewer: () => isNewer }),
    isNewer
      ? {
          label: 'Resume or run again',
          hint: 'made by a newer version',
          disabled: true,
          sends: 'run.resume',
          run: () => {},
        }
      : rerunVerb([run], open),
    null,
    { label: 'Rename…', sends: 'run.rename', run: () => ask('rename') },
    { label: 'Notes…', sends: 'run.annotate', run: () => ask('notes') },
    { label: 'Tag…', sends: 'run.tag', run: () => ask('tag') },
    null,
    ...exports,
    null,
    shelf === 'library'
      ? { label: 'Set aside', sends: 'run.move', run: () => moveRuns(runIds, 'setAside') }
      : { label: 'Restore', sends: 'run.move', run: () => moveRuns(runIds, 'library') },
    shelf === 'bin'
      ? { label: 'Purge', danger: true, sends: 'run.purge', run: () => purgeRuns(runIds) }
      : { label: 'Move to the bin', sends: 'run.move', run: () => moveRuns(runIds, 'bin') },
  ]
}

interface GroupPlace {
  archive: string | undefined
  shelf: Shelf
  /** The runs of the group that are found, which are not all on the page. */
  read: () => Promise<string[]>
  fold: () => unknown
  select: () => unknown
  goWith: (name: 'compare' | 'figures', runIds: string[]) => unknown
}

/** What can be done with a group of runs: with those of it that the filter finds. */
export function groupMenu(
  line: GroupLine,
  { archive, shelf, read, fold, select, goWith }: GroupPlace,
): (MenuItem | null)[] {
  const withRuns = (act: (runIds: string[]) => unknown) => () => withFailureToast(async () => act(await read()))
  const look: (MenuItem | null)[] = [
    { label: line.folded ? 'Show its runs' : 'Hide its runs', hint: 'enter', run: fold },
    { label: 'Select its runs', hint: 'space', run: select },
    null,
    { label: 'Compare', run: withRuns((runIds) => goWith('compare', runIds)) },
    { label: 'Figure', run: withRuns((runIds) => goWith('figures', runIds)) },
  ]
  if (archive !== undefined) return look
  return [
    ...look,
    { label: 'Export archive', hint: '.grokscope', run: withRuns(exportArchive) },
    null,
    shelf === 'library'
      ? { label: 'Set aside', sends: 'run.move', run: withRuns((runIds) => moveRuns(runIds, 'setAside')) }
      : { label: 'Restore', sends: 'run.move', run: withRuns((runIds) => moveRuns(runIds, 'library')) },
    shelf === 'bin'
      ? { label: 'Purge', danger: true, sends: 'run.purge', run: withRuns(purgeRuns) }
      : { label: 'Move to the bin', sends: 'run.move', run: withRuns((runIds) => moveRuns(runIds, 'bin')) },
  ]
}
