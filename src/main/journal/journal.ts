import { closeSync, fstatSync, fsync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
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

  /** Nothing is written after what failed: part of it may be in the file, and a reader stops there. */
  function write(value: unknown): void {
    if (failure !== undefined) throw failure
    try {
      const content = encodeValue(value)
      const frame = Buffer.alloc(headBytes + content.length)
      frame.writeUInt32LE(content.length, 0)
      frame.set(content, headBytes)
      checksum = crc32(content, crc32(frame.subarray(0, 4), checksum))
      frame.writeUInt32LE(checksum, 4)
      for (let at = 0; at < frame.length;) at += writeSync(file, frame, at)
    } catch (error) {
      failure = error
      throw error
    }
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
    rmSync(path, { force: true })
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
      // What waits after a failure is computed again; it is told once the file is closed.
      if (waiting.length > 0) {
        tryStep(
          () => write(waiting),
          () => undefined,
        )
      }
      sync()
      await syncing
      closeSync(file)
      if (failure !== undefined) throw failure
    },
  }
}

/** A whole value of a journal: gives its bytes, while the journal is open. */
export type Frame = () => Buffer

/** A journal as far as it is whole. */
export interface OpenJournal {
  header: JournalHeader
  /** Each whole frame of events, in order. */
  frames: Iterable<Frame>
}

/**
 * What `read` makes of a journal, which is open for as long: of a file of any size no more is held than `read` asks for. Undefined where there is
 * no whole header, or no file: a folder, a pipe, a link to nothing, what was removed before. Throws INVALID_FILE where it cannot be read,
 * ARCHIVE_NEWER where a newer version wrote it.
 */
export function readJournal<Output>(path: string, read: (journal: OpenJournal) => Output): Output | undefined {
  // One that waits for a writer would be waited for as long.
  if (!readOrExplain(path, (path) => statSync(path, { throwIfNoEntry: false }))?.isFile()) return undefined
  const file = readOrExplain(path, (path) => openSync(path, 'r'))
  try {
    const frames = readFrames(file, path)
    const first = frames.next().value?.()
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
    return read({ header: { key: header.key, run: header.run }, frames })
  } finally {
    closeSync(file)
  }
}

/**
 * The values of an open file that are whole, from its start to the first that is not: what was written, or a prefix of it. `path` is for errors.
 */
export function* readFrames(file: number, path: string): Generator<Frame, undefined> {
  const { size } = readOrExplain(path, () => fstatSync(file))
  const { piecesOf, bytesOf } = bytesReader(file, path, size)
  let checksum = 0
  for (let at = 0; at + headBytes < size;) {
    const head = bytesOf(at, headBytes)
    const length = head.readUInt32LE(0)
    const start = at + headBytes
    if (length === 0 || start + length > size) return
    checksum = crc32(head.subarray(0, 4), checksum)
    for (const piece of piecesOf(start, length)) checksum = crc32(piece, checksum)
    if (checksum !== head.readUInt32LE(4)) return
    yield () => bytesOf(start, length)
    at = start + length
  }
}

const windowBytes = 2 ** 20

/** Reads a file by way of a window onto it, so that one of many small frames takes few reads, and one that is large little memory. */
function bytesReader(file: number, path: string, size: number) {
  const window = Buffer.allocUnsafe(Math.min(size, windowBytes))
  let [start, held] = [0, 0]

  /** Each piece holds until the next one is asked for. There are fewer where the file was cut meanwhile. */
  function* piecesOf(at: number, length: number): Generator<Buffer> {
    const end = at + length
    while (at < end) {
      if (at < start || at >= start + held) {
        start = at
        held = readOrExplain(path, () => readSync(file, window, 0, window.length, start))
        if (held === 0) return
      }
      const piece = window.subarray(at - start, Math.min(held, end - start))
      yield piece
      at += piece.length
    }
  }

  function bytesOf(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length)
    let filled = 0
    for (const piece of piecesOf(at, length)) filled += piece.copy(bytes, filled)
    return bytes
  }

  return { piecesOf, bytesOf }
}

/** What they tell, up to the first value that no run tells: such a frame was not written by this program, whatever its checksum. */
export function* eventsOf(frames: Iterable<Frame>): Generator<RunEvent, undefined> {
  for (const frame of frames) {
    const bytes = frame()
    const told = tryStep<unknown>(
      () => decodeValue(bytes),
      () => undefined,
    )
    if (!Array.isArray(told) || !told.every(isRunEvent)) return
    yield* told
  }
}
