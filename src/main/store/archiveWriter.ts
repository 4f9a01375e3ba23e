import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { countThings } from '../../shared/formatting/countThings.ts'
import { lockPathOf, probeLock, type ArchiveLock } from './archiveLock.ts'
import { identifyFile, isSameFile, type FileIdentity, type FoundFile } from './fileIdentity.ts'
import { versionOf } from './migrations/migrate.ts'

/** The row of `writer`: which process writes the archive. It is in the archive itself, so that every name leads to it. */
export interface ArchiveWriter {
  token: string
  pid: number
  host: string
  /** Milliseconds since 1970. */
  since: number
  /** The name under which the archive was opened: its log and its lock are beside that. */
  path: string
  device: string
  inode: string
  lockInode: string
}

/** A writer on another host shows that it lives by touching the archive at least this often. */
export const heartbeatMilliseconds = 30_000
const silenceMilliseconds = 10 * heartbeatMilliseconds

const versionWithWriter = 2

/** Writers in this process, which tell it from a dead one whose number it was given. */
const ownTokens = new Set<string>()

/** What the archive says of its writer; nothing where that is said of another file, of which it is a copy. */
export function writerOf(database: Database, path: string): ArchiveWriter | undefined {
  if (versionOf(database) < versionWithWriter) return undefined
  const writer = database.prepare('SELECT * FROM writer').get() as ArchiveWriter | undefined
  const file = identifyFile(path)
  if (!writer || !file) return undefined
  // Hosts number the devices of a shared file system each in its own way.
  const isOfThisFile = writer.host === hostname() ? isSameFile(writer, file) : writer.inode === file.inode
  return isOfThisFile ? writer : undefined
}

/** The writer if it lives. Whoever asks while holding a lock names it: that lock nobody else can have. */
export function livingWriter(database: Database, path: string, own?: ArchiveLock): ArchiveWriter | undefined {
  const writer = writerOf(database, path)
  return writer && isAlive(writer, identifyFile(path), own) ? writer : undefined
}

/** Whether any program has the archive open to write in it, the first version of this one included. */
export function isBeingWritten(database: Database, path: string): boolean {
  return probeLock(lockPathOf(path)) === 'held' || livingWriter(database, path) !== undefined
}

/** Refuses a file that was put where an archive is open: its log, which is of that, would be read into it. */
export function refuseTakenPlace(database: Database, path: string): void {
  if (versionOf(database) < versionWithWriter || writerOf(database, path) || !existsSync(`${path}-wal`)) return
  if (probeLock(lockPathOf(path)) !== 'held') return
  throw movedArchive(path, 'took the place of an archive that another program still has open')
}

/**
 * Enters this process as the writer of the file that it has open, in place of one that was found to be gone, or refuses because
 * another lives.
 */
export function claimArchive(
  database: Database,
  path: string,
  { lock, gone, file }: { lock: ArchiveLock; gone: ArchiveWriter | undefined; file: FileIdentity },
): ArchiveWriter {
  const writer: ArchiveWriter = {
    token: randomUUID(),
    pid: process.pid,
    host: hostname(),
    since: Date.now(),
    path,
    device: file.device,
    inode: file.inode,
    lockInode: lock.inode ?? '',
  }
  const claim = database.transaction(() => {
    const other = livingWriter(database, path, lock)
    if (other && other.token !== gone?.token) throw lockedArchive(path, other)
    database
      .prepare(
        `INSERT OR REPLACE INTO writer (only, token, pid, host, since, path, device, inode, lockInode)
         VALUES (1, @token, @pid, @host, @since, @path, @device, @inode, @lockInode)`,
      )
      .run(writer)
  })
  claim.exclusive()
  ownTokens.add(writer.token)
  return writer
}

export function releaseArchive(database: Database, { token }: ArchiveWriter): void {
  ownTokens.delete(token)
  database.exec(`DELETE FROM writer WHERE token = '${token}'`)
}

/**
 * The name beside which the log of the archive lies: another than the given one where a program that wrote under that
 * still lives or was killed. SQLite looks for the log beside the name it is given, and would miss what is in it.
 */
export function nameOfLog(database: Database, path: string): string {
  const writer = writerOf(database, path)
  if (!writer || writer.path === path || !existsSync(`${writer.path}-wal`)) return path
  if (isSameFile(identifyFile(writer.path), identifyFile(path))) return writer.path
  if (isAlive(writer, identifyFile(path))) return path
  const log = `${writer.path}-wal`
  throw movedArchive(path, `was ${writer.path}, where its latest entries are still in ${log}: move that to ${path}-wal`)
}

export function lockedArchive(path: string, writer: ArchiveWriter | undefined): LabError {
  if (!writer) return new LabError('ARCHIVE_LOCKED', `${path} is open in another process`)
  const holder = { pid: writer.pid, host: writer.host, path: writer.path }
  return new LabError('ARCHIVE_LOCKED', `${path} is open ${describeWriter(path, writer)}`, holder)
}

export function movedArchive(path: string, what: string): LabError {
  return new LabError('ARCHIVE_MOVED', `${path} ${what}`)
}

function isAlive(writer: ArchiveWriter, file: FoundFile | undefined, own?: ArchiveLock): boolean {
  if (ownTokens.has(writer.token)) return true
  const lock = lockPathOf(writer.path)
  const hasItsLock = identifyFile(lock)?.inode === writer.lockInode
  const state = !hasItsLock ? 'unknown' : own?.path === lock ? 'free' : probeLock(lock)
  if (state === 'held') return true
  // A lock that another host holds need not be seen here.
  if (writer.host !== hostname()) return file !== undefined && silenceLeft(file) > 0
  if (state === 'free') return false
  // Its lock was deleted, or may not be read: what is left is the number of its process.
  const wasBeforeStart = writer.since < Date.now() - 1000 * uptime()
  return !wasBeforeStart && writer.pid !== process.pid && isRunning(writer.pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Milliseconds until a writer on another host that is not heard of counts as gone. */
function silenceLeft({ modified }: FoundFile): number {
  return Number(modified / 1_000_000n) + silenceMilliseconds - Date.now()
}

function describeWriter(path: string, writer: ArchiveWriter): string {
  const name = writer.path === path ? '' : ` as ${JSON.stringify(writer.path)}`
  const file = identifyFile(path)
  const minutes = file ? Math.max(1, Math.ceil(silenceLeft(file) / 60_000)) : 1
  const elsewhere =
    writer.host === hostname()
      ? ''
      : `; if that host is gone, it can be opened in ${countThings(minutes, 'minute')}, or a copy of it right away`
  return `in process ${writer.pid} on host ${writer.host}${name}, and one process at a time may write in it${elsewhere}`
}
