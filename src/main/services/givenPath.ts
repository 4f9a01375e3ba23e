import { homedir } from 'node:os'
import { isAbsolute, join, sep } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { pathProblem } from '../../shared/filePath.ts'
import { quote } from '../../shared/quote.ts'

/** A path as a person wrote it, `~/` at its start being the home folder; `field` is where it was written. */
export function givenPath(path: string, field: string): string {
  const problem = pathProblem(path)
  if (problem) throw new LabError('INVALID_FILE', `${field}: ${quote(path)} is not allowed: ${problem}`)
  if (path !== '~' && !path.startsWith('~/') && !path.startsWith(`~${sep}`)) return path
  const home = homedir()
  if (!isAbsolute(home)) {
    const message = `${field}: ${quote(path)} cannot be resolved: HOME is not set to a folder; write the path in full`
    throw new LabError('INVALID_FILE', message)
  }
  return join(home, path.slice(1))
}
