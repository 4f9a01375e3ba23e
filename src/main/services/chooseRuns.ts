import { LabError } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import type { Archive } from '../store/archive.ts'

/**
 * The runs that arguments name, the oldest first: each the id of a run or its first characters, or all together a filter.
 * Throws NOT_FOUND where they are neither, INVALID_QUERY where a filter is none.
 */
export function chooseRuns(archive: Pick<Archive, 'runs'>, references: readonly string[]): string[] {
  if (references.length === 0) return []
  try {
    return [...new Set(references.map((reference) => archive.runs.resolve(reference)))]
  } catch (error) {
    const filter = references.join(' ')
    const runIds = archive.runs.listIds({ where: filter })
    if (runIds.length > 0) return runIds.toReversed()
    if (error instanceof LabError && error.code === 'CONFLICT') throw error
    throw new LabError(
      'NOT_FOUND',
      `no run passes the filter ${quote(filter)}, nor is it an id; \`grokscope list\` shows what there is`,
    )
  }
}
