import type { RunSummary } from '../run.ts'
import { readRunField, runFields } from '../query/runFields.ts'
import { formatGiven } from '../formatting/formatNumber.ts'
import type { ComparedRun } from './comparison.ts'
import { runLabels } from './runLabels.ts'
import { shortenNames } from './shortenNames.ts'

/** Something that runs can be grouped by. */
export interface Grouping {
  id: string
  label: string
  /** What runs of one group have in common, as read; runs without it make a group of their own. */
  of: (run: RunSummary) => string
}

export interface RunGrouping {
  /** What its runs have in common; the label is short enough for a chart. */
  name: string
  label: string
  color: number
  members: readonly ComparedRun[]
}

const unsuitable = new Set(['id', 'age', 'time', 'created', 'started', 'ended', 'parent', 'message'])

/** Whether runs may have a field in common that says something of them. */
export function groupable({ kind, names: [name] }: (typeof runFields)[number]): boolean {
  return kind !== 'text' && !unsuitable.has(name)
}

/** The experiment, none (all together), and every field in which some of the runs differ and some agree. */
export function groupingsOf(runs: readonly RunSummary[]): Grouping[] {
  const fields = runFields.flatMap((field): Grouping[] => {
    const [name] = field.names
    if (!groupable(field)) return []
    const of = (run: RunSummary): string => {
      const values = readRunField(field, run).filter((value) => value !== null)
      if (values.length === 0) return `no ${name}`
      return values.map((value) => (typeof value === 'number' ? `${name} = ${formatGiven(value)}` : value)).join(' ')
    }
    const count = new Set(runs.map(of)).size
    return count > 1 && count < runs.length ? [{ id: name, label: `${name}, ${field.help}`, of }] : []
  })
  return [
    { id: 'experiment', label: 'experiment', of: ({ experiment }) => experiment },
    ...fields,
    { id: 'none', label: 'all together', of: () => 'all runs' },
  ]
}

/** Groups in the order of their first run, each in a color of its own. */
export function groupRuns(runs: readonly ComparedRun[], grouping: Grouping): RunGrouping[] {
  const groups = new Map<string, ComparedRun[]>()
  for (const compared of runs) {
    const key = grouping.of(compared.run)
    groups.set(key, [...(groups.get(key) ?? []), compared])
  }
  const keys = [...groups.keys()]
  const named = runLabels(keys.map((key) => ({ experiment: key, name: key, seed: 0 }))).labels
  const names = keys.length === 1 ? keys : named
  const labels = shortenNames(names)
  return keys.map((key, place) => ({
    name: names[place]!,
    label: labels[place]!,
    color: place % 6,
    members: groups.get(key)!,
  }))
}
