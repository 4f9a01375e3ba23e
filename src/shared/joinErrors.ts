import { LabError } from './errors.ts'
import { fitLines } from './fitLines.ts'
import { maxProblems, type SpecificationProblem } from './parseInput.ts'

/** One error that says what all of them do, each once and as far as there is room, under the code of the first. */
export function joinErrors(errors: readonly [LabError, ...LabError[]]): LabError {
  const [first] = errors
  const distinct = [...new Map(errors.map((error) => [error.message, error])).values()]
  if (distinct.length === 1) return first
  const problems = distinct.flatMap(({ detail }) => (detail ?? []) as SpecificationProblem[]).slice(0, maxProblems)
  const message = fitLines(distinct.map((error) => error.message))
  return new LabError(first.code, message, problems.length > 0 ? problems : undefined)
}
