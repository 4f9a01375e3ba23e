import { nameOfField, valueOnAxis } from '../map/mapAxis.ts'
import type { RunSummary } from '../run.ts'
import { valueWords } from '../specification/fieldWords.ts'
import { numberRepeats } from './runLabels.ts'

type Faceted = Pick<RunSummary, 'facets'>

/** Where more fields differ than these, those are told that are enough to tell all apart. */
const mostTold = 4

/** The fields in which the specifications of runs differ, by their paths. */
export function differingFields(runs: readonly Faceted[]): string[] {
  const paths = [...new Set(runs.flatMap(({ facets }) => Object.keys(facets)))]
  return paths.filter((path) => new Set(runs.map((run) => valueOnAxis(run, path))).size > 1)
}

/** A group of runs with a name that others may have as well. */
export interface NamedGroup {
  name: string
  runs: readonly Faceted[]
}

/**
 * Names of groups, each once: where several have the same, the fields follow in which these groups differ and the runs of
 * each agree, as in "wd x frac: wd = 4, f_s = 0.8"; then numbers, where that does not tell them apart.
 */
export function tellApart(groups: readonly NamedGroup[], say: typeof valueWords = valueWords): string[] {
  const told = new Map<NamedGroup, string>()
  for (const alike of Map.groupBy(groups, ({ name }) => name).values()) {
    const fields = alike.length > 1 ? tellingFields(alike) : []
    for (const group of alike) told.set(group, nameWithValues(group, fields, say))
  }
  return numberRepeats(groups.map((group) => told.get(group)!))
}

/** The name of a group, and after it the values of those of the fields in which its runs agree. */
export function nameWithValues({ name, runs }: NamedGroup, fields: readonly string[], say = valueWords): string {
  const values = fields
    .filter((field) => doAgree(runs, field))
    .map((field) => `${nameOfField(field).replaceAll('$', '')} = ${say(valueOnAxis(runs[0]!, field), field)}`)
  return [name, values.join(', ')].filter(Boolean).join(': ')
}

function doAgree(runs: readonly Faceted[], field: string): boolean {
  return runs.every((run) => valueOnAxis(run, field) === valueOnAxis(runs[0]!, field))
}

/** The fields in which groups differ and the runs of each agree; of many, as many as tell apart all that can be. */
export function tellingFields(groups: readonly Pick<NamedGroup, 'runs'>[]): string[] {
  const differing = differingFields(groups.map(({ runs }) => runs[0]!)).filter((field) =>
    groups.every(({ runs }) => doAgree(runs, field)),
  )
  if (differing.length <= mostTold) return differing
  const enough: string[] = []
  let [apart, keys] = [1, groups.map(() => '')]
  for (const field of differing) {
    const finer = keys.map((key, place) => `${key}, ${valueOnAxis(groups[place]!.runs[0]!, field)}`)
    const count = new Set(finer).size
    if (count === apart) continue
    enough.push(field)
    ;[apart, keys] = [count, finer]
  }
  return enough
}
