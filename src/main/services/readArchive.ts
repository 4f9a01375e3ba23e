import { statSync } from 'node:fs'
import { LabError } from '../../shared/errors.ts'
import { openArchive, type Archive } from '../store/archive.ts'
import { earlierVersionOf } from '../store/earlierVersionOf.ts'
import { migrations } from '../store/migrations/migrate.ts'
import { openForReading } from '../store/openFile.ts'
import { leftAsItIs } from '../store/renewedCopy.ts'
import { leaveInOrder } from './leaveInOrder.ts'
import { defaultArchivePath, ownMigrations } from './nodeLaboratory.ts'
import { openEarlierArchive } from './openEarlierArchive.ts'

/**
 * Reads an archive without taking it from a program that writes it, some in a copy, which is not left where the program is told to
 * end. That waits for `read` to let other things happen: what takes long does so again and again.
 */
export async function readArchive(
  path: string | undefined,
  read: (archive: Archive) => void | Promise<void>,
): Promise<void> {
  const found = existingArchive(path)
  if (earlierVersionOf(found) !== undefined) return readEarlierArchive(found, read)
  let archive: Archive | undefined
  const close = () => archive?.close()
  return leaveInOrder(close, async () => {
    archive = openArchive(found, { readOnly: true })
    try {
      await read(archive)
    } finally {
      close()
    }
  })
}

/** Reads an archive and, by their paths, those of others that are there, all until `read` is done. */
export function readArchives(
  path: string | undefined,
  others: readonly string[],
  read: (archive: Archive, others: ReadonlyMap<string, Archive>) => Promise<void>,
): Promise<void> {
  return readArchive(path, (archive) => {
    const open = ([next, ...more]: readonly string[], found: ReadonlyMap<string, Archive>): Promise<void> =>
      next === undefined
        ? read(archive, found)
        : readArchive(next, (other) => open(more, new Map(found).set(next, other)))
    return open(
      others.filter((other) => isArchiveThere(other)),
      new Map(),
    )
  })
}

/** In a copy at this version. */
function readEarlierArchive(path: string, read: (archive: Archive) => void | Promise<void>): Promise<void> {
  const abort = new AbortController()
  const options = { readOnly: true, startMigration: ownMigrations(), signal: abort.signal, onProgress: () => {} }
  const opened = openEarlierArchive(path, options)
  const close = () => {
    abort.abort()
    return opened.then(
      (archive) => archive.close(),
      () => undefined,
    )
  }
  return leaveInOrder(close, async () => {
    try {
      await read(await opened)
    } finally {
      await close()
    }
  })
}

/** Refuses what is no archive, or not there, and makes no copy at this version of one that is earlier. */
export function requireArchive(path: string): void {
  openForReading(path, migrations, leftAsItIs).close()
}

/** Whether there is such an archive, one's own unless given, or something in its place. */
export function isArchiveThere(path = defaultArchivePath()): boolean {
  return !isNothing(path)
}

/** The path of an archive that is there, one's own unless given: looking for a run must not make an archive. */
export function existingArchive(path = defaultArchivePath()): string {
  if (isNothing(path)) throw new LabError('NOT_FOUND', `there is no archive ${path} yet; the first run makes it`)
  return path
}

/** What cannot be reached may be there, and is refused where it is opened, with the reason. */
function isNothing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}
