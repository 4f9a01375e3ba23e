import { readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { writeWhole } from '../files/writeWhole.ts'

/** Who has an archive open, as ARCHIVE_LOCKED details it. */
export interface ArchiveHolder {
  pid: number
  host: string
  path: string
}

/** Where a process takes work, and what it asks of who comes. */
export interface HostDoor {
  /** With the token that opens the laboratory in a browser. */
  address: string
  /** What a browser sends that has opened it, and a program at once. */
  cookie: string
}

/** The archive's name and its writer's host as they were when it was opened: a machine may be called otherwise later. */
interface HostRecord extends HostDoor {
  archive: string
  host: string
}

/**
 * Tells other programs of this user where this process takes work for an archive. That opens the laboratory: nobody else may read the
 * file. The returned function takes it back; what a killed process left is of no use to anybody.
 */
export async function announceHost(
  cacheFolder: string,
  archive: string,
  { address, cookie }: HostDoor,
): Promise<() => void> {
  const path = pathOf(cacheFolder, process.pid)
  const record: HostRecord = { archive, host: hostname(), address, cookie }
  await writeWhole(path, [`${JSON.stringify(record)}\n`], { replace: true, isPrivate: true })
  return () => rmSync(path, { force: true })
}

/** Where the process that has an archive open takes work; undefined where it is on another machine, another user's, or takes none. */
export function findHost(cacheFolder: string, { pid, host, path }: ArchiveHolder): HostDoor | undefined {
  // Machines may share a home. One that is called otherwise is another, unless it is this one by an earlier name: then the process is here.
  if (host !== hostname() && !isOwnProcess(pid)) return undefined
  try {
    const record = JSON.parse(readFileSync(pathOf(cacheFolder, pid), 'utf8')) as Partial<HostRecord>
    const { address, cookie } = record
    if (record.archive !== path || record.host !== host) return undefined
    return typeof address === 'string' && typeof cookie === 'string' ? { address, cookie } : undefined
  } catch {
    return undefined
  }
}

/** Whether a process of this user has the number on this machine. */
function isOwnProcess(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch {
    return false
  }
}

function pathOf(cacheFolder: string, pid: number): string {
  return join(cacheFolder, 'hosts', `${pid}.json`)
}
