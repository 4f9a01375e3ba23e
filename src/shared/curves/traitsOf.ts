import { readRunField, runFields } from '../query/runFields.ts'
import type { RunSummary } from '../run.ts'
import { groupable } from './groupRuns.ts'

type Traits = Readonly<Record<string, string | number>>

/** What some runs have in common of the fields that runs are grouped by, under their names in filters. */
export function traitsOf(runs: readonly RunSummary[]): Traits {
  const [first = {}, ...others] = runs.map(ofRun)
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((traits) => traits[name] === value)),
  )
}

/** Asked for at every change of a chart. */
const known = new WeakMap<RunSummary, Traits>()
const fields = runFields.filter(groupable)

function ofRun(run: RunSummary): Traits {
  const traits = known.get(run) ?? readTraits(run)
  known.set(run, traits)
  return traits
}

function readTraits(run: RunSummary): Traits {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const values = readRunField(field, run).filter((value) => value !== null)
      return values.length === 0 ? [] : [[field.names[0], values.length > 1 ? values.join(' ') : values[0]!]]
    }),
  )
}
