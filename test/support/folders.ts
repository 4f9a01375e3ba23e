import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
// Here, and not where a folder is made: what a running test registers is not heard.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** A new folder that goes when the tests of its file have ended. */
export function temporaryFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'grokscope-test-')))
  return folders.at(-1)!
}
