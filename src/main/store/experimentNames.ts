import { nameByDifferences } from '../../shared/curves/differingFields.ts'
import { shelves, type Shelf } from '../../shared/query/runTable.ts'
import type { Facets } from '../../shared/specification/facets.ts'
import type { Census } from './census.ts'
import type { StoredValues } from './storedValues.ts'
import { partition, type Partition } from './values.ts'

/** Of more experiments under one name the setups are not read: they are called that. */
const mostAlike = 2000

/** Runs by what their experiment is called on a shelf: its name, and what tells it apart from others of this name there. */
export function experimentNames(shelf: Shelf, census: Pick<Census, 'shelf'>, values: StoredValues): Partition {
  const experiments = values.experiments()
  const setups = values.setups()
  const names = values.value({ in: 'run', column: 'experiment' }) as Partition
  const onShelf = shelves.indexOf(shelf)
  const found = new Map<number, { name: string; setups: Set<number> }>()
  census.shelf.forEach((at, place) => {
    if (at !== onShelf) return
    const number = experiments.of[place]!
    const known = found.get(number) ?? { name: String(names.keys.at(names.of[place]!) ?? ''), setups: new Set() }
    found.set(number, known)
    known.setups.add(setups.of[place]!)
  })
  const alike = Map.groupBy(found.values(), ({ name }) => name)
  const read = new Map<number, Facets>()
  const facetsOf = (setup: number) => {
    const facets = read.get(setup) ?? (setup < 0 ? {} : values.facetsOfSetup(setups.keys.at(setup)!))
    read.set(setup, facets)
    return facets
  }
  const told = nameByDifferences(
    [...found.values()].map(({ name, setups: own }) => {
      const { length } = alike.get(name)!
      const isRead = length > 1 && length <= mostAlike
      return { name, runs: Array.from(own, (setup) => ({ facets: isRead ? facetsOf(setup) : {} })) }
    }),
  )
  const numbers = new Map([...found.keys()].map((number, at) => [number, at]))
  return partition(
    told,
    Int32Array.from(experiments.of, (number) => numbers.get(number) ?? -1),
  )
}
