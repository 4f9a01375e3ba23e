import { existsSync } from 'node:fs'
import { LabError } from '../../shared/errors.ts'
import { openArchive, type Archive } from '../store/archive.ts'
import { migrations } from '../store/migrations/migrate.ts'
import { openForReading } from '../store/openFile.ts'
import { leftAsItIs } from '../store/renewedCopy.ts'
import { defaultArchivePath } from './nodeLaboratory.ts'

/** Reads an archive without taking it from a program that writes it. */
export async function readArchive(
  path: string | undefined,
  read: (archive: Archive) => void | Promise<void>,
): Promise<void> {
  const archive = openArchive(existingArchive(path), { readOnly: true })
  try {
    await read(archive)
  } finally {
    archive.close()
  }
}

/** Refuses what is no archive, and makes no copy at this version of one that is earlier. */
export function requireArchive(path: string): void {
  openForReading(existingArchive(path), migrations, leftAsItIs).close()
}

/** The path of an archive that is there, one's own unless given: looking for a run must not make an archive. */
export function existingArchive(path = defaultArchivePath()): string {
  if (!existsSync(path)) throw new LabError('NOT_FOUND', `there is no archive ${path} yet; the first run makes it`)
  return path
}
