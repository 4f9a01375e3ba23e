import { closeSync, fsync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { LabError } from '../../shared/errors.ts'
import type { RunEvent } from '../../shared/run.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { version } from '../../shared/version.ts'
import { decodeValue, encodeValue } from '../../shared/wire.ts'
import { readOrExplain } from '../files/fileFailures.ts'
import { isRunEvent } from './isRunEvent.ts'

/** FORMAT.md describes the file. */
export const journalVersion = 1

/** Which run of which sweep a journal tells of. */
export interface JournalHeader {
  key: string
  run: string
}

/** What one process tells of one run; only it ever writes the file. */
export interface Journal {
  /**
   * Written at once where a snapshot or the end is among them, else with what comes within a second. Throws what the system says
   * where the disk takes no more; what was written before stays readable.
   */
  append(events: readonly RunEvent[]): void
  /** Resolves when all is on the disk and the file is closed. Throws what the system says where it is not. */
  close(): Promise<void>
}

const headBytes = 8
const frameMilliseconds = 1000
const syncMilliseconds = 10_000

/** Begins a journal at a path where no file may be. Throws what the system says. */
export function createJournal(path: string, header: JournalHeader): Journal {
  const file = openSync(path, 'wx')
  let checksum = 0
  let syncing: Promise<void> = Promise.resolve()
  let syncedAt = performance.now()
  let writtenAt = syncedAt
  let waiting: RunEvent[] = []
  let failure: unknown

  function write(value: unknown): void {
    if (failure !== undefined) throw failure
    const content = encodeValue(value)
    const frame = Buffer.alloc(headBytes + content.length)
    frame.writeUInt32LE(content.length, 0)
    frame.set(content, headBytes)
    checksum = crc32(content, crc32(frame.subarray(0, 4), checksum))
    frame.writeUInt32LE(checksum, 4)
    for (let at = 0; at < frame.length;) at += writeSync(file, frame, at)
  }

  /** Beside what is computed meanwhile; a failure is told at the next append. */
  function sync(): void {
    syncedAt = performance.now()
    syncing = syncing
      .then(() => promisify(fsync)(file))
      .catch((error: unknown) => {
        failure ??= error
      })
  }

  try {
    write({ journal: journalVersion, grokscope: version, ...header })
  } catch (error) {
    closeSync(file)
    throw error
  }
  return {
    append(events) {
      waiting.push(...events.filter(({ type }) => type !== 'progress'))
      const isDue = events.some(({ type }) => type === 'snapshot' || type === 'settled')
      const now = performance.now()
      if (!isDue && now - writtenAt < frameMilliseconds) return
      if (waiting.length > 0) write(waiting)
      waiting = []
      writtenAt = now
      if (isDue || now - syncedAt > syncMilliseconds) sync()
    },
    async close() {
      // What waits after a failure is computed again.
      if (waiting.length > 0 && failure === undefined) write(waiting)
      sync()
      await syncing
      closeSync(file)
      if (failure !== undefined) throw failure
    },
  }
}

/**
 * The values of a journal that are whole, from its start to the first that is not: what was written, or a prefix of it.
 */
export function* readFrames(bytes: Buffer): Generator<Buffer> {
  let checksum = 0
  for (let at = 0; at + headBytes < bytes.length;) {
    const length = bytes.readUInt32LE(at)
    const end = at + headBytes + length
    if (length === 0 || end > bytes.length) return
    const content = bytes.subarray(at + headBytes, end)
    checksum = crc32(content, crc32(bytes.subarray(at, at + 4), checksum))
    if (checksum !== bytes.readUInt32LE(at + 4)) return
    yield content
    at = end
  }
}

/** A journal as far as it is whole. */
export interface ReadJournal {
  header: JournalHeader
  /** Each whole frame of events, not decoded yet. */
  frames: Buffer[]
}

/**
 * Undefined where there is no whole header, or no file: a folder, a pipe, a link to nothing, what was removed before. Throws INVALID_FILE where
 * it cannot be read, ARCHIVE_NEWER where a newer version wrote it.
 */
export function readJournal(path: string): ReadJournal | undefined {
  const bytes = readOrExplain(path, readFileOf)
  if (!bytes) return undefined
  const [first, ...frames] = readFrames(bytes)
  const header =
    first &&
    tryStep(
      () => decodeValue(first) as { journal: number } & JournalHeader,
      () => undefined,
    )
  if (typeof header?.journal !== 'number') return undefined
  if (header.journal > journalVersion) {
    throw new LabError(
      'ARCHIVE_NEWER',
      `${path} has version ${header.journal}; this program reads up to ${journalVersion}`,
    )
  }
  return { header: { key: header.key, run: header.run }, frames }
}

function readFileOf(path: string): Buffer | undefined {
  // One that waits for a writer would be waited for as long.
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
  return readFileSync(path)
}

/** What they tell, up to the first value that no run tells: such a frame was not written by this program, whatever its checksum. */
export function eventsOf(frames: readonly Buffer[]): RunEvent[] {
  const events: RunEvent[] = []
  for (const frame of frames) {
    const told = tryStep<unknown>(
      () => decodeValue(frame),
      () => undefined,
    )
    if (!Array.isArray(told) || !told.every(isRunEvent)) return events
    events.push(...told)
  }
  return events
}
