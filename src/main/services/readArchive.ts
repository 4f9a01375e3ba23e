import { existsSync } from 'node:fs'
import { LabError } from '../../shared/errors.ts'
import { openArchive, type Archive } from '../store/archive.ts'
import { defaultArchivePath } from './nodeLaboratory.ts'

/** Reads an archive without taking it from a program that writes it. */
export async function readArchive(path: string | undefined, read: (archive: Archive) => void): Promise<void> {
  const file = path ?? defaultArchivePath
  if (!existsSync(file)) throw new LabError('NOT_FOUND', `there is no archive ${file} yet; the first run makes it`)
  const archive = openArchive(file, { readOnly: true })
  try {
    read(archive)
  } finally {
    archive.close()
  }
}
