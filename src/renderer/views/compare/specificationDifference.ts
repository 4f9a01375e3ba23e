import { csvText } from '../../../shared/quoteCsv.ts'
import { describeOrigin } from '../../../shared/curves/moments.ts'
import type { RunSummary, ShownRun } from '../../../shared/run.ts'

/** One field of a specification over several runs; a run that has no such field has `null`. */
export interface FieldValues {
  path: string
  values: (string | null)[]
  equal: boolean
}

type Specified = Pick<ShownRun, 'id' | 'name' | 'parentRunId' | 'parentStep' | 'spec' | 'foreignSpec'>

/** What runs were asked; where there are branches among them also what each started from, which no specification says. */
export function specificationsOf(runs: readonly Specified[]): object[] {
  const hasBranches = runs.some(({ parentRunId }) => parentRunId !== null)
  return runs.map((run) => {
    const spec = run.spec ?? run.foreignSpec!
    if (!hasBranches) return spec
    const parent = runs.find(({ id }) => id === run.parentRunId) ?? null
    return { ...spec, start: run.parentRunId === null ? 'its initialization' : describeOrigin(run, parent) }
  })
}

/** Every field of some specifications by its path, in the order in which they first appear. */
export function specificationDifference(specs: readonly object[]): FieldValues[] {
  const flat = specs.map((spec) => new Map(flatten(spec, '')))
  const paths = [...new Set(flat.flatMap((fields) => [...fields.keys()]))]
  return orderByParent(paths).map((path) => {
    const values = flat.map((fields) => fields.get(path) ?? null)
    return { path, values, equal: values.every((value) => value === values[0]) }
  })
}

/** A line for each run under the paths of some fields; empty where it has no such field. */
export function specificationCsv(
  runs: readonly Pick<RunSummary, 'id' | 'name'>[],
  fields: readonly FieldValues[],
): Uint8Array {
  const head = ['id', 'run', ...fields.map(({ path }) => path)]
  const lines = runs.map(({ id, name }, place) => [id, name, ...fields.map(({ values }) => values[place] ?? '')])
  return new TextEncoder().encode(csvText([head, ...lines]))
}

/** Lists are one value, since their entries have no names. */
function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, inner]) => flatten(inner, path === '' ? name : `${path}.${name}`))
  }
  return value === undefined ? [] : [[path, typeof value === 'string' ? value : JSON.stringify(value)]]
}

/** Fields of one parent stand together, also where only some specifications have them. */
function orderByParent(paths: readonly string[]): string[] {
  const first = new Map<string, number>()
  paths.forEach((path, place) => {
    const root = path.split('.')[0]!
    if (!first.has(root)) first.set(root, place)
  })
  const rank = (path: string) => first.get(path.split('.')[0]!)!
  return [...paths].sort((a, b) => rank(a) - rank(b))
}
