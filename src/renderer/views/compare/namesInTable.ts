import type { ComparedRun } from '../../../shared/curves/comparison.ts'
import { shortenNames } from '../../../shared/curves/shortenNames.ts'

/** A table has more room for a name than a chart. */
const longestInTable = 56

/** What the runs of a comparison are called in a table of them, by their ids. */
export function namesInTable(runs: readonly Pick<ComparedRun, 'run' | 'name'>[]): ReadonlyMap<string, string> {
  const names = shortenNames(
    runs.map(({ name }) => name),
    longestInTable,
  )
  return new Map(runs.map(({ run }, place) => [run.id, names[place]!]))
}
