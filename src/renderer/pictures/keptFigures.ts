import { compositionSchema, type Composition } from '../../shared/figures/composition.ts'
import { keep, readKept } from '../composables/useKept.ts'

const keptName = 'figures'

/** The figures that this browser keeps, in present names. */
export function readFigures(): Composition[] {
  return readAll().flatMap((kept) => compositionSchema.safeParse(kept).data ?? [])
}

/** What is no figure of this version, of a newer one say, stays beside them. */
export function keepFigures(figures: readonly Composition[]): void {
  const others = readAll().filter((kept) => !compositionSchema.safeParse(kept).success)
  keep(keptName, [...figures, ...others])
}

function readAll(): unknown[] {
  return readKept<unknown[]>(keptName, [], Array.isArray)
}
