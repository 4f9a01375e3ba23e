import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../../files/writeWhole.ts'
import type { BackendSelection } from './openBackend.ts'
import type { ProbeReport } from './probe.ts'

/** The backend for a run, with why, and every measurement behind it. */
export interface BackendChoice extends BackendSelection {
  readonly description: string
  /** What a user reads. */
  readonly reason: string
  readonly timings: readonly ProbeReport[]
}

/** How many choices are kept, the latest first. */
const capacity = 100

interface Entry {
  key: string
  choice: BackendChoice
}

/** The choice made under this key before, from `backends.json` in the folder; a damaged file counts as empty. */
export function recallChoice(folder: string | undefined, key: string): BackendChoice | undefined {
  return folder === undefined ? undefined : read(folder).find((entry) => entry.key === key)?.choice
}

/** Adds the choice to the file, whole or not at all; where the folder cannot be written it is measured again next time. */
export async function rememberChoice(folder: string | undefined, key: string, choice: BackendChoice): Promise<void> {
  if (folder === undefined) return
  const entries = [{ key, choice }, ...read(folder).filter((entry) => entry.key !== key)].slice(0, capacity)
  await writeWhole(pathIn(folder), [JSON.stringify(entries, null, 2)], { replace: true }).catch(() => undefined)
}

function read(folder: string): Entry[] {
  try {
    const entries: unknown = JSON.parse(readFileSync(pathIn(folder), 'utf8'))
    return Array.isArray(entries) ? entries.filter(isEntry) : []
  } catch {
    return []
  }
}

function isEntry(value: unknown): value is Entry {
  const { key, choice } = (value ?? {}) as { key?: unknown; choice?: Partial<BackendChoice> }
  return (
    typeof key === 'string' &&
    typeof choice?.reason === 'string' &&
    typeof choice.threads === 'number' &&
    (choice.kind === 'plain' || choice.kind === 'wasm' || choice.kind === 'blas')
  )
}

function pathIn(folder: string): string {
  return join(folder, 'backends.json')
}
