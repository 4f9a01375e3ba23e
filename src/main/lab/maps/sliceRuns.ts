import { LabError } from '../../../shared/errors.ts'
import { valueOnAxis, type FieldValue } from '../../../shared/map/mapAxis.ts'
import type { SliceValue } from '../../../shared/map/mapOptions.ts'
import { slicedFields } from '../../../shared/map/slices.ts'
import { quote } from '../../../shared/quote.ts'
import type { RunSummary } from '../../../shared/run.ts'

/** The runs at one value of every field that varies besides those that are drawn. */
export interface Slice {
  at: FieldValue[]
  runs: RunSummary[]
}

/**
 * The runs `at` the given values, and apart by what else varies where the fields they are drawn `on` do not. Throws USAGE naming a
 * field that is no axis, or a value that it nowhere has.
 */
export function sliceRuns(
  runs: readonly RunSummary[],
  fields: readonly string[],
  { on, at }: { on: readonly string[]; at: readonly SliceValue[] },
): { shown: readonly RunSummary[]; slices: Slice[] } {
  const shown = at.reduce((some, slice) => taken(some, slice, fields), runs)
  const others = slicedFields(shown, fields, on)
  const slices = new Map<string, Slice>()
  for (const run of shown) {
    const own = others.map((field) => ({ field, value: valueOnAxis(run, field) }))
    const key = JSON.stringify(own)
    const slice = slices.get(key) ?? { at: own, runs: [] }
    slices.set(key, slice)
    slice.runs.push(run)
  }
  return { shown, slices: [...slices.values()] }
}

/** Throws USAGE where a field is none of the axes. */
export function requireAxis(field: string, fields: readonly string[], option: string): void {
  if (fields.includes(field)) return
  throw new LabError('USAGE', `${option}: ${quote(field)} is no axis here; one of ${fields.join(', ')}`)
}

function taken(runs: readonly RunSummary[], { field, value }: SliceValue, fields: readonly string[]): RunSummary[] {
  requireAxis(field, fields, '--at')
  const found = runs.filter((run) => {
    const own = valueOnAxis(run, field)
    return typeof own === 'number' ? own === Number(value) : own === value
  })
  if (found.length > 0) return found
  const values = [...new Set(runs.map((run) => valueOnAxis(run, field)))].slice(0, 20).join(', ')
  throw new LabError('USAGE', `--at: ${field} is nowhere ${quote(value)}; it is ${values}`)
}
