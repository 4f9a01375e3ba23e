import type { RunSummary } from '../run.ts'
import { valueOnAxis, type FieldValue } from './mapAxis.ts'

/** The fields besides those that are drawn which have several values at one place; one that changes with what is drawn has not. */
export function slicedFields(
  runs: readonly Pick<RunSummary, 'facets'>[],
  fields: readonly string[],
  on: readonly string[],
): string[] {
  return fields.filter((field) => !on.includes(field) && varies(runs, field, on))
}

function varies(runs: readonly Pick<RunSummary, 'facets'>[], field: string, on: readonly string[]): boolean {
  const values = new Map<string, number | string>()
  return runs.some((run) => {
    const place = JSON.stringify(on.map((each) => valueOnAxis(run, each)))
    const value = valueOnAxis(run, field)
    const before = values.get(place) ?? value
    values.set(place, before)
    return before !== value
  })
}

/** The values of a field, in the order in which they come. */
export function valuesOf(runs: readonly Pick<RunSummary, 'facets'>[], field: string): (number | string)[] {
  return [...new Set(runs.map((run) => valueOnAxis(run, field)))]
}

/** The runs in which every one of some fields stands at its value. */
export function runsAt(runs: readonly RunSummary[], at: readonly FieldValue[]): RunSummary[] {
  return runs.filter((run) => at.every(({ field, value }) => valueOnAxis(run, field) === value))
}
