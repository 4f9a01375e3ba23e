import { readdirSync } from 'node:fs'
import { LabError } from '../../shared/errors.ts'

/**
 * What the system's refusal to write `path` means, as an error with words; what did not come from the system (an error
 * of who makes the content) stays as it is.
 */
export function explainWriting(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (!(error instanceof Error) || code === undefined || (!/^E[A-Z0-9]+$/.test(code) && !(code in meanings)))
    return error
  return unwritable(path, meaningOf(code) ?? `cannot be written (${message})`)
}

/** Why the system refuses to read a file or folder, in words; what did not come from the system says itself why. */
export function readingFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return readingFailures[code ?? ''] ?? message
}

/** What `read` gives of the file or folder at `path`. Throws INVALID_FILE with why it cannot be read. */
export function readOrExplain<Content>(path: string, read: (path: string) => Content): Content {
  try {
    return read(path)
  } catch (error) {
    throw new LabError('INVALID_FILE', `${path} cannot be read: ${readingFailure(error)}`)
  }
}

/** The names in the folder at `path`. Throws INVALID_FILE with why it cannot be read. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === 'ENOTDIR'
    throw new LabError(
      'INVALID_FILE',
      `${path} cannot be read: ${isFile ? 'a folder is needed there' : readingFailure(error)}`,
    )
  }
}

export function unwritable(path: string, meaning: string): LabError {
  return new LabError('FILE_UNWRITABLE', `${path} ${meaning}`)
}

/** Windows refuses to replace a file that a program has open as if the user might not. */
function meaningOf(code: string): string | undefined {
  const isOpenPerhaps = process.platform === 'win32' && ['EPERM', 'EACCES'].includes(code)
  return isOpenPerhaps ? `${meanings[code]}; or another program has it open` : meanings[code]
}

const meanings: Record<string, string> = {
  EACCES: 'may not be written by this user: neither it nor its folder may be read-only',
  EPERM: 'may not be written by this user: neither it nor its folder may be read-only',
  EROFS: 'cannot be written: it is on a file system that can only be read',
  ENOSPC: 'cannot be written: the disk is full',
  EDQUOT: 'cannot be written: the quota of this user is used up',
  EFBIG: 'cannot be written: it would be larger than the file system or a limit of this user allows',
  EIO: 'cannot be written: the disk reports an error',
  ENAMETOOLONG: 'cannot be written: its name is too long; a name may have 255 bytes on most systems',
  EISDIR: 'is a folder; a file is needed',
  ENOTDIR: 'cannot be written: a part of its path is a file, not a folder',
  EEXIST: 'cannot be written: a part of its path is a file, not a folder',
  ENOENT: 'cannot be written: its folder is not there, and cannot be made',
  ELOOP: 'cannot be written: its path leads through too many symbolic links',
  ENXIO: 'cannot be written: nobody listens at the other end',
  EPIPE: 'was written in part only: its reader has gone',
  EMFILE: 'cannot be written: too many files are open',
  ENFILE: 'cannot be written: too many files are open',
  EBUSY: 'cannot be written: another program holds it',
  ERR_INVALID_ARG_VALUE: 'cannot be the name of a file: it holds a character NUL',
}

const readingFailures: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file: a part of its path is a file, not a folder',
  EISDIR: 'it is a folder; a file is needed',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its path leads through too many symbolic links',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long to be one of a file',
  ERR_INVALID_ARG_VALUE: 'a path holds no character NUL',
}
