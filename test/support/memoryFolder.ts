import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** Where Linux keeps files in memory. */
const memory = '/dev/shm'
const neededBytes = 2 ** 30

/**
 * Before quick tests, puts their temporary files into memory where the system has room for them there: none need outlast the
 * machine, and half the time of what stores something is waiting until it would. What it gives takes them away.
 */
export default function useMemory(): (() => void) | undefined {
  const folder = makeFolder()
  if (folder === undefined) return undefined
  process.env['TMPDIR'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function makeFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > neededBytes ? mkdtempSync(join(memory, 'grokscope-tests-')) : undefined
  } catch {
    return undefined
  }
}
