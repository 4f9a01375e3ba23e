import { usualPaths, usualValues, type UsualPath } from '../../../shared/usualValues.ts'
import { changed, valueAt, type SpecDraft } from '../../../shared/specification/paths.ts'

/**
 * The draft after a choice: values whose usual size the choice changed follow it, but for those that a person has set.
 * What the choice itself brought anew (another equation) is usual already.
 */
export function moveToUsual(before: SpecDraft, after: SpecDraft, touched: readonly string[]): SpecDraft {
  const [was, is] = [usualValues(before), usualValues(after)]
  const moves = usualPaths
    .filter((path) => is[path] !== undefined && is[path] !== was[path])
    .filter((path) => !touched.includes(path) || valueAt(after, path) === undefined)
    .map((path) => ({ path, value: is[path] }))
  return changed(after, moves)
}

/** The values that a person has set themselves, after a change: what they changed now, and what they had set and still is. */
export function touchedAfter(
  before: SpecDraft,
  after: SpecDraft,
  touched: readonly string[],
  byPerson: boolean,
): UsualPath[] {
  return usualPaths.filter((path) => {
    const isSame = valueAt(before, path) === valueAt(after, path)
    return isSame ? touched.includes(path) : byPerson
  })
}
