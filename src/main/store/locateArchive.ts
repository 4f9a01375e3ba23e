import { accessSync, constants, mkdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { unreadable } from './checkArchive.ts'

/** The true path of an archive to write in, whose folders are made if they are not there. */
export function locateForWriting(given: string): string {
  const path = resolve(given)
  const found = find(path)
  if (found) {
    refuseUnlessFile(found, path)
    if ((found.mode & 0o222) === 0 || !isAllowed(path, constants.W_OK)) throw unreadable(path, 'is read-only')
    return insideWritable(realpathSync(path))
  }
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw unreadable(path, `cannot be made: its folder ${folder} cannot (${(error as Error).message})`)
  }
  return insideWritable(join(realpathSync(folder), basename(path)))
}

export function locateForReading(given: string): string {
  const path = resolve(given)
  const found = find(path)
  if (!found) throw new LabError('NOT_FOUND', `there is no archive ${path}`)
  refuseUnlessFile(found, path)
  if (found.size === 0) throw unreadable(path, 'is empty')
  if (!isAllowed(path, constants.R_OK)) throw unreadable(path, 'may not be read by this user')
  return realpathSync(path)
}

function find(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // Links in a circle, a folder that this user may not enter, a name too long for the file system.
    throw unreadable(path, `cannot be reached (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** SQLite keeps its log and the lock beside the archive. */
function insideWritable(path: string): string {
  if (!isAllowed(dirname(path), constants.W_OK)) throw unreadable(path, 'is in a folder that this user may not write')
  return path
}

function refuseUnlessFile(found: Stats, path: string): void {
  if (found.isDirectory()) throw unreadable(path, 'is a folder; an archive is a file')
  if (!found.isFile()) throw unreadable(path, 'is not a file')
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
