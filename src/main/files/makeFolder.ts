import { mkdirSync } from 'node:fs'
import { explainWriting } from './fileFailures.ts'

/** Makes a folder, and those above it, where it is not there. Throws FILE_UNWRITABLE, or what a full disk says. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw explainWriting(path, error)
  }
}
