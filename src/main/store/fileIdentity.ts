import { statSync } from 'node:fs'

/** What makes a file the same file, by whatever name; as text, since inodes may pass 2^53. */
export interface FileIdentity {
  device: string
  inode: string
}

export interface FoundFile extends FileIdentity {
  size: bigint
  /** When it was last written, in nanoseconds since 1970. */
  modified: bigint
  /** How many hard links it has. */
  names: bigint
}

/** The regular file at a path; `undefined` where there is none. */
export function identifyFile(path: string): FoundFile | undefined {
  try {
    const found = statSync(path, { bigint: true })
    if (!found.isFile()) return undefined
    const { dev, ino, size, mtimeNs, nlink } = found
    return { device: String(dev), inode: String(ino), size, modified: mtimeNs, names: nlink }
  } catch {
    return undefined
  }
}

export function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.device === b.device && a.inode === b.inode
}
