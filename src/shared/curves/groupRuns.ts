import type { RunSummary } from '../run.ts'
import { readRunField, runFields, runValueWords } from '../query/runFields.ts'
import { independentRuns } from '../independentRuns.ts'
import { formatGiven } from '../formatting/formatNumber.ts'
import type { ComparedRun } from './comparison.ts'
import { tellApart, tellingFields } from './differingFields.ts'
import { valueOnAxis } from '../map/mapAxis.ts'
import { runLabels } from './runLabels.ts'
import { shortenNames } from './shortenNames.ts'

/** Something that runs can be grouped by. */
export interface Grouping {
  id: string
  label: string
  /** What runs of one group have in common, as tables have it; runs without it make a group of their own. */
  of: (run: RunSummary) => string
  /** The same as it is read, choices in words. */
  words: (run: RunSummary) => string
}

export interface RunGrouping {
  /** What its runs have in common, as tables have it. */
  name: string
  /** The same in words, and short enough for a chart. */
  words: string
  label: string
  color: number
  members: readonly ComparedRun[]
  /** Those that its statistics are of: its members without repetitions of others. */
  independent: readonly ComparedRun[]
}

const unsuitable = new Set(['id', 'age', 'time', 'created', 'started', 'ended', 'parent', 'message'])

/** Whether runs may have a field in common that says something of them. */
export function groupable({ kind, names: [name] }: (typeof runFields)[number]): boolean {
  return kind !== 'text' && !unsuitable.has(name)
}

/** The experiment, every field that runs may have in common, and none (all together). */
const groupings: readonly Grouping[] = [
  named('experiment', 'experiment', ({ experiment }) => experiment),
  ...runFields.filter(groupable).map((field): Grouping => {
    const [name] = field.names
    const describe = (run: RunSummary, called: (value: string) => string): string => {
      const values = readRunField(field, run).filter((value) => value !== null)
      if (values.length === 0) return `no ${name}`
      return values
        .map((value) => (typeof value === 'number' ? `${name} = ${formatGiven(value)}` : called(value)))
        .join(' ')
    }
    const of = (run: RunSummary) => describe(run, (value) => value)
    const words = (run: RunSummary) => describe(run, (value) => runValueWords(field, value))
    return { id: name, label: `${name}, ${field.help}`, of, words }
  }),
  named('none', 'all together', () => 'all runs'),
]

/** By its id, also where runs do not differ in it. */
export function findGrouping(id: string): Grouping | undefined {
  return groupings.find((each) => each.id === id)
}

/** The grouping that a figure names; by experiment where it names none that there is. */
export function groupingOfFigure(id = 'experiment'): Grouping {
  return findGrouping(id) ?? groupings[0]!
}

/** The experiment, none (all together), and every field in which some of the runs differ and some agree. */
export function groupingsOf(runs: readonly RunSummary[]): Grouping[] {
  return groupings.filter(({ id, of }) => {
    if (id === 'experiment' || id === 'none') return true
    const count = new Set(runs.map(of)).size
    return count > 1 && count < runs.length
  })
}

/** By a name, which is read as it is. */
function named(id: string, label: string, of: Grouping['of']): Grouping {
  return { id, label, of, words: of }
}

/** So many groups have a color of their own; then the colors come again. */
export const groupColors = 6

/** What `of` tells of the series that stand for a run in a panel of groups. */
export function seriesOfGroup(groups: readonly RunGrouping[]): (run: ComparedRun) => Readonly<Record<string, string>> {
  const names = new Map(groups.flatMap(({ name, members }) => members.map(({ run }) => [run.id, name] as const)))
  return ({ run }) => ({ group: names.get(run.id)! })
}

/** Experiments beyond so many are grouped by their names alone: the cells of a large sweep. */
const mostApart = 24

/** Groups in the order of their first run, each in its color and under a name of its own. */
export function groupRuns(runs: readonly ComparedRun[], grouping: Grouping): RunGrouping[] {
  const keyOf = grouping.id === 'experiment' ? keysOfExperiments(runs.map(({ run }) => run)) : grouping.of
  const groups = new Map<string, ComparedRun[]>()
  for (const compared of runs) {
    const key = keyOf(compared.run)
    groups.set(key, [...(groups.get(key) ?? []), compared])
  }
  const called = (say: (run: RunSummary) => string, value?: (value: string | number) => string) => {
    const named = [...groups.values()].map((members) => ({
      name: say(members[0]!.run),
      runs: members.map(({ run }) => run),
    }))
    return withoutCommon(tellApart(named, value))
  }
  const names = called(grouping.of, String)
  const words = called(grouping.words)
  const labels = shortenNames(words)
  return [...groups.values()].map((members, place) => ({
    name: names[place]!,
    words: words[place]!,
    label: labels[place]!,
    color: place % groupColors,
    members,
    independent: independentMembers(members),
  }))
}

/** Some runs as the one group that they are among others, called and colored as it is beside these. */
export function asGroup(
  runs: readonly ComparedRun[],
  { name, label, color }: Pick<RunGrouping, 'name' | 'label' | 'color'>,
): RunGrouping {
  return { name, words: label, label, color, members: runs, independent: independentMembers(runs) }
}

/**
 * What runs of one experiment have in common with those of others: its name, which may be that of a sweep's cells, or of all that are
 * untitled, and the values of the fields in which experiments of that name differ.
 */
function keysOfExperiments(runs: readonly RunSummary[]): (run: RunSummary) => string {
  const byName = ({ experiment }: RunSummary) => experiment
  const keys = new Map<string, string>()
  for (const [name, alike] of Map.groupBy(runs, byName)) {
    const experiments = [...Map.groupBy(alike, ({ experimentId }) => experimentId)]
    const fields = experiments.length > 1 ? tellingFields(experiments.map(([, members]) => ({ runs: members }))) : []
    for (const [id, [first]] of experiments) {
      keys.set(id, JSON.stringify([name, ...fields.map((field) => valueOnAxis(first!, field))]))
    }
  }
  return new Set(keys.values()).size > mostApart ? byName : ({ experimentId }) => keys.get(experimentId)!
}

function independentMembers(members: readonly ComparedRun[]): readonly ComparedRun[] {
  const kept = new Set(independentRuns(members.map(({ run }) => run)))
  return members.filter(({ run }) => kept.has(run))
}

/** Names of groups without what all of them have in common. */
function withoutCommon(names: readonly string[]): readonly string[] {
  return names.length === 1 ? names : runLabels(names.map((name) => ({ experiment: name, name, seed: 0 }))).labels
}
