import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()

/** A new folder that goes when the tests of its file have ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'grokscope-test-'))
  folders.add(folder)
  return folder
}

/**
 * To be called after the tests of a file. Throws where one left a file open, if the system says so: once it is collected, another
 * file of this process may be given its inode, and is taken for it.
 */
export function removeFolders(): void {
  const left = filesOpenHere().filter((path) => [...folders].some((folder) => path.startsWith(folder)))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  folders.clear()
  if (left.length > 0) throw new Error(`left open by the tests of this file: ${left.join(', ')}`)
}

/** Linux only. */
function filesOpenHere(): string[] {
  if (process.platform !== 'linux') return []
  const files = '/proc/self/fd'
  return readdirSync(files).flatMap((name) => {
    try {
      return readlinkSync(join(files, name))
    } catch {
      // The listing itself was one.
      return []
    }
  })
}
