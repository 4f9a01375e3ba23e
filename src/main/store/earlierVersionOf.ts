import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { applicationId, newestVersion } from './migrations/migrate.ts'
import { isOpenHere } from './openToRead.ts'

/** Bytes of the header of a SQLite file as far as it is read here. */
const headerBytes = 72

/**
 * The version of an archive, where it is an earlier one than the newest: as its header says, and where the archive keeps a log the
 * newest header in that. Nothing of what is open in this process, whose locks would go with the look, or is no archive.
 */
export function earlierVersionOf(path: string): number | undefined {
  try {
    if (!statSync(path).isFile() || isOpenHere(path)) return undefined
    const inFile = lookInto(path, (file) => readAt(file, 0, headerBytes))
    if (inFile?.toString('latin1', 0, 16) !== 'SQLite format 3\0') return undefined
    return earlierVersionIn(keepsLog(inFile) ? (headerInLog(`${path}-wal`) ?? inFile) : inFile)
  } catch {
    // Whoever opens it says why that cannot be.
    return undefined
  }
}

/** https://www.sqlite.org/fileformat.html, 1.3: how changes are written at 18, the user version at 60, the application's id at 68. */
function earlierVersionIn(header: Buffer): number | undefined {
  const version = header.readInt32BE(60)
  const isEarlier = header.readInt32BE(68) === applicationId && version > 0 && version < newestVersion
  return isEarlier ? version : undefined
}

function keepsLog(header: Buffer): boolean {
  return header[18] === 2
}

/**
 * The header in the last copy of the first page that a log holds, if it holds one. Its frames are those with the salts of the
 * log itself (https://www.sqlite.org/fileformat.html, 4.1). Whether their checksums hold is asked by who opens the archive.
 */
function headerInLog(path: string): Buffer | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
  return lookInto(path, (log) => {
    const start = readAt(log, 0, 32)
    if (!start || (start.readUInt32BE(0) | 1) !== 0x377f0683) return undefined
    const frameBytes = 24 + start.readUInt32BE(8)
    const { size } = fstatSync(log)
    let found: Buffer | undefined
    let open: Buffer | undefined
    for (let at = start.length; at + frameBytes <= size; at += frameBytes) {
      const frame = readAt(log, at, 24)
      if (!frame || frame.compare(start, 16, 24, 8, 16) !== 0) break
      if (frame.readUInt32BE(0) === 1) open = readAt(log, at + frame.length, headerBytes)
      // Frames count from the one on that says how large the file is then, which commits them.
      if (frame.readUInt32BE(4) !== 0) found = open ?? found
    }
    return found
  })
}

function lookInto<Found>(path: string, look: (file: number) => Found): Found {
  const file = openSync(path, 'r')
  try {
    return look(file)
  } finally {
    closeSync(file)
  }
}

function readAt(file: number, position: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length)
  return readSync(file, bytes, 0, length, position) < length ? undefined : bytes
}
