import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileData, OpenArchive, Responses } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import { openArchive, type Archive } from '../store/archive.ts'
import { givenPath } from './givenPath.ts'
import { largestFileBytes } from './interchange/collectFile.ts'
import type { Broadcast } from './broadcastEvents.ts'

/** One's own archive, and others opened beside it to be read. */
export interface ArchiveService {
  /** One's own without an id, else the one that `open` gave this id. */
  find(id: string | undefined): Archive
  list(): OpenArchive[]
  open(path: string): OpenArchive
  close(id: string): void
  exportRuns(runIds: readonly string[]): Promise<FileData>
  importRuns(id: string, runIds: readonly string[] | undefined): Responses['archive.import']
  closeAll(): void
}

export function createArchiveService(own: Archive, broadcast: Broadcast): ArchiveService {
  const opened = new Map<string, Archive>()
  let lastId = 0

  function list(): OpenArchive[] {
    return [...opened].map(([id, archive]) => ({ id, path: archive.path, runs: archive.runs.countRuns() }))
  }

  function find(id: string | undefined): Archive {
    const archive = id === undefined ? own : opened.get(id)
    if (!archive) throw new LabError('NOT_FOUND', `there is no open archive ${quote(id)}`)
    return archive
  }

  return {
    find,
    list,
    open(path) {
      const archive = openArchive(givenPath(path, 'path'), { readOnly: true })
      const known = list().find((other) => other.path === archive.path)
      if (known) {
        archive.close()
        return known
      }
      const id = `archive-${++lastId}`
      opened.set(id, archive)
      broadcast('archive.changed', list())
      return { id, path: archive.path, runs: archive.runs.countRuns() }
    },
    close(id) {
      find(id).close()
      opened.delete(id)
      broadcast('archive.changed', list())
    },
    async exportRuns(runIds) {
      const folder = mkdtempSync(join(tmpdir(), 'grokscope-'))
      try {
        const path = join(folder, 'runs.grokscope')
        await own.exchange.exportRuns(runIds, path)
        const { size } = await stat(path)
        if (size > largestFileBytes) {
          const max = `${largestFileBytes / 2 ** 20} MiB, the most that goes to a window`
          throw new LabError('TOO_LARGE', `these runs take more than ${max}; choose fewer, or copy ${own.path}`)
        }
        return { name: 'runs.grokscope', mediaType: 'application/vnd.grokscope', bytes: await readFile(path) }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    importRuns(id, runIds) {
      const { imported, alreadyPresent, refused } = own.exchange.importRuns(find(id).path, runIds)
      if (imported.length > 0) broadcast('run.changed', own.runs.summaries(imported))
      return { imported: imported.length, alreadyPresent: alreadyPresent.length, refused }
    },
    closeAll() {
      for (const archive of opened.values()) archive.close()
      opened.clear()
      own.close()
    },
  }
}
