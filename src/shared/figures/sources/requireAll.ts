import { LabError } from '../../errors.ts'

/** Runs that are gone and named, where there are more. */
const maxNamed = 5

/** Throws NOT_FOUND that names the runs that are not there. */
export function requireAll(runIds: readonly string[], found: ReadonlySet<string>): void {
  const gone = runIds.filter((id) => !found.has(id))
  if (gone.length === 0) return
  const more = gone.length > maxNamed ? ` and ${gone.length - maxNamed} more` : ''
  const verb = gone.length === 1 ? 'run is' : 'runs are'
  throw new LabError(
    'NOT_FOUND',
    `${gone.length} ${verb} not in the archive: ${gone.slice(0, maxNamed).join(', ')}${more}`,
  )
}
