import { parseExperiment } from '../../../shared/parseExperiment.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Bounds } from '../../../shared/specification/bounds.ts'
import { findField } from '../../../shared/specification/fields.ts'
import { setTo } from '../../../shared/specification/problem.ts'
import { usualValues } from '../../../shared/usualValues.ts'
import { changed, type Repair, type SpecDraft } from '../../../shared/specification/paths.ts'

/** Changes that do away with a problem; each has been tried, and none is offered that does not. */
export function repairsOf(problem: SpecificationProblem, draft: SpecDraft): Repair[] {
  const seen = new Set<string>()
  return candidates(problem, draft).filter(({ label, changes }) => {
    if (seen.has(label)) return false
    seen.add(label)
    return !problemsOf(changed(draft, changes)).some(({ path }) => path === problem.path)
  })
}

/** Everything wrong with a draft, by the engine's own schema. */
export function problemsOf(draft: unknown): SpecificationProblem[] {
  try {
    parseExperiment(draft)
    return []
  } catch (error) {
    if (error instanceof LabError && error.code === 'INVALID_SPECIFICATION')
      return error.detail as SpecificationProblem[]
    throw error
  }
}

/** What the problem itself knows, then what is usual, what the schema allows, and doing without. */
function candidates({ path, value, bounds, repairs = [] }: SpecificationProblem, draft: SpecDraft): Repair[] {
  const field = findField(path) ?? findField(`${path}.kind`)
  const usual = (usualValues(draft) as Partial<Record<string, number | string>>)[path]
  const values = [
    ...(typeof usual === 'number' ? [usual, usual / 2] : [usual]),
    ...(bounds && typeof value === 'number' ? [within({ ...field?.bounds, ...bounds }, value)] : []),
    ...(field?.type === 'wholeNumber' && typeof value === 'number' ? [within(field.bounds, Math.round(value))] : []),
    ...[field?.fallback, field?.words.example].filter((each) => typeof each !== 'object' || Array.isArray(each)),
  ]
  const isRepeated = field?.words.isDistinct && Array.isArray(value)
  const once = isRepeated ? [setTo(path, [...new Set(value as unknown[])], 'Keep each once')] : []
  const without = field?.isRequired ? [] : [setTo(path, undefined, 'Leave it out')]
  return [
    ...repairs,
    ...once,
    ...values.filter((each) => each !== undefined).map((each) => setTo(path, each)),
    ...without,
  ]
}

/** The nearest number within bounds; undefined where it lies beyond an open one. */
function within({ min, max, above, below }: Bounds, value: number): number | undefined {
  if (above !== undefined && value <= above) return undefined
  if (below !== undefined && value >= below) return undefined
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value))
}
