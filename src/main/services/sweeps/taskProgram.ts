import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The files that compute the tasks of a sweep: beside the bundles' folder; from source what was built last, if anything. */
export function taskProgram(): string[] {
  const relative = import.meta.url.endsWith('.ts') ? '../../../../out/task/' : '../task/'
  const folder = fileURLToPath(new URL(relative, import.meta.url))
  return existsSync(folder) ? readdirSync(folder).map((name) => `${folder}${name}`) : []
}
