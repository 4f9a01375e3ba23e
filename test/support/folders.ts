import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const folders = new Set<string>()

/** A new folder that goes when the tests of its file have ended. */
export function temporaryFolder(): string {
  // Some systems give a place for temporary files by a link to it.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'grokscope-test-')))
  folders.add(folder)
  return folder
}

/** What is closed beside other work is closed by then. */
const patienceMilliseconds = 120_000

/**
 * To be called after the tests of a file. Throws where one left a file open, if the system says so: once it is collected, another
 * file of this process may be given its inode, and is taken for it.
 */
export async function removeFolders(): Promise<void> {
  const own = [...folders]
  const left = () => filesOpenHere().filter((path) => own.some((folder) => path.startsWith(folder)))
  const end = performance.now() + patienceMilliseconds
  while (left().length > 0 && performance.now() < end) await setTimeout(10)
  const stillOpen = left()
  for (const folder of own) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  folders.clear()
  if (stillOpen.length > 0) throw new Error(`left open by the tests of this file: ${stillOpen.join(', ')}`)
}

/** The files that this process has open; none where the system does not say. */
export function filesOpenHere(): string[] {
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
