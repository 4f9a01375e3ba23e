import { realpathSync, rmSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchiveOpening, FileData, OpenArchive } from '../../shared/contract/archives.ts'
import type { Responses } from '../../shared/contract.ts'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { makeTemporaryFolder } from '../files/temporaryFolder.ts'
import { openArchive, type Archive } from '../store/archive.ts'
import { earlierVersionOf } from '../store/earlierVersionOf.ts'
import { identifyFile, isSameFile, type FileIdentity } from '../store/fileIdentity.ts'
import { newestVersion } from '../store/migrations/migrate.ts'
import { givenPath } from './givenPath.ts'
import { largestFileBytes } from './interchange/collectFile.ts'
import type { Broadcast } from './broadcastEvents.ts'
import { openEarlierArchive } from './openEarlierArchive.ts'

/** One's own archive, and others opened beside it to be read. */
export interface ArchiveService {
  /** One's own without a name, else the one that has this id from `open`, or this path. */
  find(name: string | undefined): Archive
  list(): OpenArchive[]
  /** Those that `open` has not opened yet. */
  openings(): ArchiveOpening[]
  open(path: string): Promise<OpenArchive>
  /** Cancels `open` where that has not ended. */
  close(id: string): void
  exportRuns(runIds: readonly string[]): Promise<FileData>
  importRuns(id: string, runIds: readonly string[] | undefined): Responses['archive.import']
  closeAll(): Promise<void>
}

/** Without `startMigration`, archives of an earlier version are renewed in this process, which answers nobody meanwhile. */
export function createArchiveService(
  own: Archive,
  { broadcast, startMigration }: { broadcast: Broadcast; startMigration: StartWorker | undefined },
): ArchiveService {
  /** With the files that they are, whatever stands at their paths later. */
  const opened = new Map<string, { archive: Archive; file: FileIdentity | undefined }>()
  const opening = new Map<string, { shown: ArchiveOpening; abort: AbortController; end: Promise<OpenArchive> }>()
  let lastId = 0

  function list(): OpenArchive[] {
    return [...opened].map(([id, { archive }]) => describe(id, archive))
  }

  function openings(): ArchiveOpening[] {
    return [...opening.values()].map(({ shown }) => shown)
  }

  function find(name: string | undefined): Archive {
    if (name === undefined || name === own.path) return own
    return [...opened.values()].find(({ archive }) => archive.path === name)?.archive ?? beside(name)
  }

  /** Never one's own. */
  function beside(id: string): Archive {
    const archive = opened.get(id)?.archive
    if (!archive) throw new LabError('NOT_FOUND', `there is no open archive ${quote(id)}; open it first`)
    return archive
  }

  /** The one that is open already, unless its file was replaced since: that one is closed. */
  function knownAt(path: string): OpenArchive | undefined {
    const known = list().find((other) => other.path === path)
    if (!known || isSameFile(identifyFile(path), opened.get(known.id)?.file)) return known
    close(known.id)
    return undefined
  }

  function close(id: string): void {
    beside(id).close()
    opened.delete(id)
    broadcast('archive.changed', list())
  }

  function add(id: string, archive: Archive): OpenArchive {
    const known = knownAt(archive.path)
    if (known) {
      archive.close()
      return known
    }
    opened.set(id, { archive, file: identifyFile(archive.path) })
    broadcast('archive.changed', list())
    return describe(id, archive)
  }

  /** Whoever asks for one that is being opened waits for that. */
  function openEarlier(path: string, from: number, start: StartWorker): Promise<OpenArchive> {
    const found = [...opening.values()].find(({ shown }) => shown.path === path)
    if (found) return found.end
    const id = `archive-${++lastId}`
    const abort = new AbortController()
    const show = (shown: ArchiveOpening) => {
      opening.set(id, { shown, abort, end })
      broadcast('archive.openings', openings())
    }
    const begun = beginningOf(path, { id, from, isCopied: true })
    const end = openEarlierArchive(path, {
      ...{ readOnly: true, startMigration: start, signal: abort.signal },
      onProgress: ({ runs, share }) => show({ ...begun, runs, share }),
    })
      .then((archive) => add(id, archive))
      .finally(() => {
        opening.delete(id)
        broadcast('archive.openings', openings())
      })
    show(begun)
    return end
  }

  return {
    find,
    list,
    openings,
    async open(given) {
      const path = tryReal(givenPath(given, 'path'))
      const known = knownAt(path)
      if (known) return known
      const from = startMigration && earlierVersionOf(path)
      if (startMigration && from !== undefined) return openEarlier(path, from, startMigration)
      return add(`archive-${++lastId}`, openArchive(path, { readOnly: true }))
    },
    close(id) {
      const begun = opening.get(id)
      if (begun) return begun.abort.abort()
      close(id)
    },
    async exportRuns(runIds) {
      const folder = makeTemporaryFolder()
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
      const source = beside(id)
      source.requireFile()
      const { imported, alreadyPresent, ...others } = own.exchange.importRuns(source.file, runIds)
      if (imported.length > 0) broadcast('run.changed', own.runs.summaries(imported))
      if (others.figures > 0) broadcast('figure.changed', null)
      return { imported: imported.length, alreadyPresent: alreadyPresent.length, ...others }
    },
    async closeAll() {
      const begun = [...opening.values()]
      for (const { abort } of begun) abort.abort()
      await Promise.allSettled(begun.map(({ end }) => end))
      for (const { archive } of opened.values()) archive.close()
      opened.clear()
      own.close()
    },
  }
}

function describe(id: string, archive: Archive): OpenArchive {
  try {
    return { id, path: archive.path, runs: archive.runs.countRuns(), failure: null }
  } catch (error) {
    return { id, path: archive.path, runs: null, failure: toErrorRecord(error) }
  }
}

/** An archive of an earlier version of which nothing is done yet. */
export function beginningOf(path: string, which: Pick<ArchiveOpening, 'id' | 'from' | 'isCopied'>): ArchiveOpening {
  return { ...which, path, to: newestVersion, runs: null, share: 0, error: null }
}

/** The path under which it is opened; where there is none, whoever opens it says so. */
function tryReal(path: string): string {
  return (
    tryStep(
      () => realpathSync(path),
      () => undefined,
    ) ?? path
  )
}
