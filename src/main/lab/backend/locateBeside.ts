import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LabError } from '../../../shared/errors.ts'

/**
 * The path of the first of `names` that lies beside a module, or, as for a chunk of a bundle, one folder up.
 * Throws BACKEND_UNAVAILABLE with the places looked at.
 */
export function locateBeside(moduleUrl: string, names: readonly string[]): string {
  const places = ['./', '../'].flatMap((folder) =>
    names.map((name) => fileURLToPath(new URL(folder + name, moduleUrl))),
  )
  const found = places.find((path) => existsSync(path))
  if (found) return found
  throw new LabError('BACKEND_UNAVAILABLE', `a part of the program is missing; looked for ${places.join(' and ')}`)
}
