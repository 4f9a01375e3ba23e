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

/**
 * Tells other programs of this user at which address this process takes work for an archive. The address opens the laboratory: nobody
 * else may read the file. The returned function takes it back; what a killed process left is of no use to anybody.
 */
export async function announceHost(cacheFolder: string, archive: string, address: string): Promise<() => void> {
  const path = pathOf(cacheFolder, process.pid)
  await writeWhole(path, [`${JSON.stringify({ archive, address })}\n`], { replace: true, isPrivate: true })
  return () => rmSync(path, { force: true })
}

/** The address of the process that has an archive open; undefined where it is on another machine, another user's, or takes no work. */
export function findHost(cacheFolder: string, { pid, host, path }: ArchiveHolder): string | undefined {
  if (host !== hostname()) return undefined
  try {
    const record = JSON.parse(readFileSync(pathOf(cacheFolder, pid), 'utf8')) as {
      archive?: unknown
      address?: unknown
    }
    return record.archive === path && typeof record.address === 'string' ? record.address : undefined
  } catch {
    return undefined
  }
}

function pathOf(cacheFolder: string, pid: number): string {
  return join(cacheFolder, 'hosts', `${pid}.json`)
}
