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

/** Choices that were made on this machine by what it measured, each under what it depends on. */
export interface ChoiceMemory<Choice> {
  recall(key: string): Choice | undefined
  remember(key: string, choice: Choice): Promise<void>
}

/** How many choices are kept, the latest first. */
const capacity = 100

/**
 * Choices in a file, which is written whole or not at all; a damaged one counts as empty. Without a path, and where it cannot be
 * written, it is measured again next time.
 */
export function choicesIn<Choice>(
  path: string | undefined,
  isChoice: (value: unknown) => value is Choice,
): ChoiceMemory<Choice> {
  const isEntry = (value: unknown): value is { key: string; choice: Choice } => {
    const { key, choice } = (value ?? {}) as { key?: unknown; choice?: unknown }
    return typeof key === 'string' && isChoice(choice)
  }

  function read() {
    if (path === undefined) return []
    try {
      const entries: unknown = JSON.parse(readFileSync(path, 'utf8'))
      return Array.isArray(entries) ? entries.filter(isEntry) : []
    } catch {
      return []
    }
  }

  return {
    recall: (key) => read().find((entry) => entry.key === key)?.choice,
    async remember(key, choice) {
      if (path === undefined) return
      const entries = [{ key, choice }, ...read().filter((entry) => entry.key !== key)].slice(0, capacity)
      await writeWhole(path, [JSON.stringify(entries, null, 2)], { replace: true }).catch(() => undefined)
    },
  }
}

/** The backends chosen before, in `backends.json` of a folder. */
export function backendChoices(folder: string | undefined): ChoiceMemory<BackendChoice> {
  return choicesIn(folder === undefined ? undefined : join(folder, 'backends.json'), isBackendChoice)
}

function isBackendChoice(value: unknown): value is BackendChoice {
  const choice = (value ?? {}) as Partial<BackendChoice>
  return (
    typeof choice.reason === 'string' &&
    typeof choice.threads === 'number' &&
    (choice.kind === 'plain' || choice.kind === 'wasm' || choice.kind === 'blas')
  )
}
