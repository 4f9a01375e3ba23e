import { randomUUID } from 'node:crypto'
import { rmSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor, { SqliteError } from 'better-sqlite3'

/** Where an archive lies, as far as it matters to whoever locks and maps files there. */
export interface FileSystem {
  /** In words; with its number where it has no name here. */
  describe(path: string): string
  /** Whether a file of one's own can be locked beside the path; `undefined` where that cannot be tried. */
  canLock(path: string): boolean | undefined
  /** Whether no block is left, for which SQLite has other words when it maps a file. */
  isFull(path: string): boolean
}

export const fileSystem: FileSystem = {
  describe: (path) => fileSystemName(statfs(path)?.type),
  canLock,
  isFull: (path) => statfs(path)?.bavail === 0,
}

/** By the magic number that `statfs` tells; on systems that number them otherwise, the number itself. */
export function fileSystemName(type: number | undefined): string {
  if (type === undefined) return 'a file system that does not say what it is'
  const magic = type >>> 0
  return names.get(magic) ?? `a file system of type 0x${magic.toString(16)}`
}

const names = new Map([
  [0x6969, 'NFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x65735546, 'a FUSE file system (sshfs, a cloud folder or the like)'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB (CIFS)'],
  [0xfe534d42, 'SMB'],
  [0x19830326, 'BeeGFS'],
  [0x01021997, '9P (a folder shared with a virtual machine)'],
  [0x00c36400, 'CephFS'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0xaad7aaea, 'PanFS'],
  [0xef53, 'ext4'],
  [0x58465342, 'XFS'],
  [0x9123683e, 'Btrfs'],
  [0x2fc12fc1, 'ZFS'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'an overlay file system'],
  [0x4d44, 'FAT'],
  [0x2011bab0, 'exFAT'],
])

function statfs(path: string) {
  for (const place of [path, dirname(path)]) {
    try {
      return statfsSync(place)
    } catch {
      // An archive that is not made yet is asked for by its folder.
    }
  }
  return undefined
}

/** A name that nobody else can have locked: what refuses is the file system. */
function canLock(path: string): boolean | undefined {
  const trial = join(dirname(path), `.grokscope-${randomUUID()}.lock`)
  try {
    const database = new DatabaseConstructor(trial, { timeout: 0 })
    try {
      database.exec('BEGIN EXCLUSIVE')
      return true
    } finally {
      database.close()
    }
  } catch (error) {
    const isRefused = error instanceof SqliteError && /^SQLITE_(BUSY|PROTOCOL|NOLFS|IOERR_\w*LOCK)/.test(error.code)
    return isRefused ? false : undefined
  } finally {
    rmSync(trial, { force: true })
  }
}
