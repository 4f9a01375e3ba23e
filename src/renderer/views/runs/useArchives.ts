import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ArchiveOpening, OpenArchive } from '../../../shared/contract/archives.ts'
import { isCancelled } from '../../composables/useComputation.ts'
import { showToast } from '../../composables/useToasts.ts'
import { generation, on, request } from '../../lab.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { leftFigures } from '../../../shared/formatting/leftFigures.ts'
import { countRuns } from '../../formatting/countRuns.ts'

/** A person is asked for the path of an archive, where the host has no dialog of its own. */
export interface PathQuestion {
  purpose: 'open' | 'import'
  /** Name of a dropped file, whose folder a browser does not tell. */
  dropped?: string
  answer: (path: string) => Promise<void>
}

/** Archives opened beside one's own, and how to open and import more. */
export function useArchives(show: (id: string | undefined) => void) {
  const archives = shallowRef<OpenArchive[]>([])
  const openings = shallowRef<ArchiveOpening[]>([])
  const asking = shallowRef<PathQuestion | null>(null)
  let isLeft = false
  onScopeDispose(() => (isLeft = true))
  const read = () =>
    withFailureToast(async () => {
      openings.value = await request('archive.openings', {})
      archives.value = await request('archive.list', {})
    })
  onScopeDispose(on('archive.openings', (told) => (openings.value = told)))
  onScopeDispose(on('archive.changed', (told) => (archives.value = told)))
  watch(generation, read, { immediate: true })

  async function choosePath(question: PathQuestion) {
    await withFailureToast(async () => {
      const { path, hasDialog } = await request('archive.choose', {})
      if (path !== null) await question.answer(path)
      else if (!hasDialog) asking.value = question
    })
  }

  /** Nothing where that was cancelled. */
  const begin = (path: string) =>
    request('archive.open', { path }).catch((error: unknown) => {
      if (!isCancelled(error)) throw error
    })

  async function open(path: string) {
    const opened = await begin(path)
    if (!opened) return
    // Of an earlier version it may take minutes: who has gone elsewhere meanwhile stays there.
    if (isLeft) showToast(`${opened.path} is open`, { label: 'Show', run: () => show(opened.id) })
    else show(opened.id)
  }

  async function importAll(path: string) {
    const before = await request('archive.list', {})
    const opened = await begin(path)
    if (!opened) return
    await importRuns(opened.id)
    // One that is shown stays open.
    if (!before.some(({ id }) => id === opened.id)) await request('archive.close', { archive: opened.id })
  }

  async function importRuns(archive: string, runIds?: string[]) {
    await withFailureToast(async () => {
      const input = { archive, ...(runIds ? { runIds } : {}) }
      const outcome = await request('archive.import', input)
      const { imported, alreadyPresent, refused, figures } = outcome
      const known = alreadyPresent > 0 ? `, ${alreadyPresent} already present` : ''
      const withFigures = figures > 0 ? `, with ${countThings(figures, 'figure')}` : ''
      showToast(`${countRuns(imported)} imported${known}${withFigures}`, { label: 'Show', run: () => show(undefined) })
      const left = leftFigures(outcome)
      if (left !== '') showToast(left, undefined, 'failed')
      if (refused.length === 0) return
      const reasons = refused.map(({ runId, findings }) => `${runId}: ${findings.join('; ')}`)
      const more = reasons.length > 3 ? `, and ${reasons.length - 3} more` : ''
      const text = `${countRuns(refused.length)} not imported. ${reasons.slice(0, 3).join('. ')}${more}`
      showToast(text, undefined, 'failed')
    })
  }

  return {
    archives,
    openings,
    asking,
    importRuns,
    chooseAndOpen: () => choosePath({ purpose: 'open', answer: open }),
    chooseAndImport: () => choosePath({ purpose: 'import', answer: importAll }),
    cancel: (opening: string) => withFailureToast(() => request('archive.close', { archive: opening })),
    close: (archive: string) =>
      withFailureToast(async () => {
        show(undefined)
        await request('archive.close', { archive })
      }),
    /** The desktop opens dropped files itself; a browser tells no more than their names, so the person is asked. */
    drop(event: DragEvent) {
      const file = event.dataTransfer?.files[0]
      if (file && !window.grokscope) asking.value = { purpose: 'open', dropped: file.name, answer: open }
    },
  }
}
