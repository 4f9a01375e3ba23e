import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { LabError, type ErrorRecord } from '../../shared/errors.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { makeTemporaryFolder } from '../files/temporaryFolder.ts'
import { openArchive, type Archive } from '../store/archive.ts'
import { identifyFile } from '../store/fileIdentity.ts'
import { migrationProgress, type MigrationProgress } from '../store/migrations/migrationProgress.ts'
import { recoverArchive } from '../store/recoverArchive.ts'
import type { MigrationOrder, MigrationWord } from './migrationWorker.ts'

interface Renewal {
  readOnly: boolean
  startMigration: StartWorker
  signal: AbortSignal
  onProgress(progress: MigrationProgress): void
}

/**
 * Opens an archive of an earlier version, which a process of its own brings to the newest one first: in place, or where it is to be
 * read only in a copy. What is told of that is told in this process too. Throws CANCELLED where it is cancelled.
 */
export async function openEarlierArchive(path: string, { readOnly, ...renewal }: Renewal): Promise<Archive> {
  const folder = makeTemporaryFolder()
  try {
    if (!readOnly) {
      await renewInPlace(path, folder, renewal)
      return openArchive(path)
    }
    const copy = join(folder, 'archive')
    await renewElsewhere({ path, copy }, folder, renewal)
    return openArchive(path, { readOnly, copy })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where that fails, nothing of it is left beside the archive; where even that does, the next to open it takes it away. */
async function renewInPlace(path: string, folder: string, renewal: Omit<Renewal, 'readOnly'>): Promise<void> {
  const archive = identifyFile(path)
  try {
    await renewElsewhere({ path }, folder, renewal)
  } catch (error) {
    tryStep(
      () => archive && recoverArchive(path, archive),
      () => undefined,
    )
    throw error
  }
}

/** `folder` is for all that the process leaves where it is killed. */
async function renewElsewhere(
  order: MigrationOrder,
  folder: string,
  { startMigration, signal, onProgress }: Omit<Renewal, 'readOnly'>,
): Promise<void> {
  const worker = startMigration({ TMPDIR: folder, TMP: folder, TEMP: folder })
  const done = Promise.withResolvers<ErrorRecord | undefined>()
  const ended = Promise.withResolvers<string>()
  worker.onMessage((message) => {
    const word = message as MigrationWord
    if (word.type === 'renewed') done.resolve(undefined)
    else if (word.type === 'failed') done.resolve(word.error)
    else {
      migrationProgress.publish(word.progress)
      onProgress(word.progress)
    }
  })
  worker.onExit(({ stderr }) => {
    ended.resolve(stderr)
    const reason = stderr ? `: ${stderr}` : ''
    const message = `${order.path} is not at this version yet: the process that brought it there ended${reason}`
    done.resolve({ code: 'ARCHIVE_UNFINISHED', message })
  })
  const end = () => worker.kill()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  worker.post(order)
  const failure = await done.promise
  signal.removeEventListener('abort', end)
  end()
  // It may have the archive's lock until then.
  const stderr = await ended.promise
  if (signal.aborted) throw new LabError('CANCELLED', `${order.path} was not brought to this version`)
  // What it wrote of a defect is for the log.
  if (failure) throw new LabError(failure.code, failure.message, failure.detail, stderr ? { cause: stderr } : undefined)
}
