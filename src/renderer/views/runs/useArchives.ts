import { onScopeDispose, shallowRef, watch } from 'vue'
import type { OpenArchive } from '../../../shared/contract.ts'
import { tell } from '../../composables/useToasts.ts'
import { generation, on, request } from '../../lab.ts'
import { attempt, countRuns } from './runActions.ts'

/** Archives opened beside one's own, and how to open and import more. */
export function useArchives(show: (id: string | undefined) => void) {
  const archives = shallowRef<OpenArchive[]>([])
  /** Set while a person is asked for a path, where the host has no dialog of its own; holds what to do with it. */
  const asking = shallowRef<{ path: string; then: (path: string) => Promise<void> } | null>(null)
  const read = () => attempt(async () => (archives.value = await request('archive.list', {})))
  onScopeDispose(on('archive.changed', (told) => (archives.value = told)))
  watch(generation, read, { immediate: true })

  async function choosePath(then: (path: string) => Promise<void>, suggested = '') {
    await attempt(async () => {
      const { path, hasDialog } = await request('archive.choose', {})
      if (path !== null) await then(path)
      else if (!hasDialog) asking.value = { path: suggested, then }
    })
  }

  const open = (path: string) => attempt(async () => show((await request('archive.open', { path })).id))

  async function importRuns(archive: string, runIds?: string[]) {
    await attempt(async () => {
      const { imported, alreadyPresent } = await request('archive.import', { archive, ...(runIds ? { runIds } : {}) })
      const known = alreadyPresent > 0 ? `, ${alreadyPresent} already present` : ''
      tell(`${countRuns(imported)} imported${known}`, { label: 'Show', run: () => show(undefined) })
    })
  }

  return {
    archives,
    asking,
    importRuns,
    chooseAndOpen: () => choosePath(open),
    chooseAndImport: () =>
      choosePath((path) =>
        attempt(async () => {
          const { id } = await request('archive.open', { path })
          await importRuns(id)
          await request('archive.close', { archive: id })
        }),
      ),
    close: (archive: string) =>
      attempt(async () => {
        show(undefined)
        await request('archive.close', { archive })
      }),
    /** A dropped file: its path where the host tells it, else the person is asked with the name as a start. */
    drop(event: DragEvent) {
      const file = event.dataTransfer?.files[0] as (File & { path?: string }) | undefined
      if (!file) return
      if (file.path) void open(file.path)
      else asking.value = { path: file.name, then: open }
    },
  }
}
