import type { RunSummary } from '../../../shared/run.ts'
import { describeDynamics, type RunColumn } from './runColumns.ts'

export const groupings = ['experiment', 'tag', 'dynamics', 'modulus', 'status', 'none'] as const
export type Grouping = (typeof groupings)[number]

export interface Sorting {
  column: RunColumn
  descending: boolean
}

export interface GroupLine {
  kind: 'group'
  key: string
  name: string
  runs: readonly RunSummary[]
  folded: boolean
}

export interface RunLine {
  kind: 'run'
  run: RunSummary
  /** Name of the group it stands in; undefined where there are no groups. */
  group?: string
}

export type TableLine = GroupLine | RunLine

/** What a line shows, wherever it stands. */
export function keyOfLine(line: TableLine): string {
  return line.kind === 'run' ? `r${line.run.id}` : `g${line.key}`
}

/**
 * The lines of the table from top to bottom. Runs are sorted within their groups, and groups by their first run; what
 * has no value stands last in either direction. Equal values are ordered by seed, then as the runs came.
 */
export function arrangeRuns(
  runs: readonly RunSummary[],
  grouping: Grouping,
  sorting: Sorting,
  folded: ReadonlySet<string>,
): TableLine[] {
  const sorted = sortRuns(runs, sorting)
  if (grouping === 'none') return sorted.map((run) => ({ kind: 'run', run }))
  const lines: TableLine[] = []
  for (const [key, members] of groupRuns(sorted, grouping)) {
    const name = groupName(members[0]!, grouping)
    lines.push({ kind: 'group', key, name, runs: members, folded: folded.has(key) })
    if (!folded.has(key)) for (const run of members) lines.push({ kind: 'run', run, group: name })
  }
  return lines
}

/** By key, in the order in which the groups' first runs come. */
export function groupRuns(runs: readonly RunSummary[], grouping: Grouping): Map<string, RunSummary[]> {
  const groups = new Map<string, RunSummary[]>()
  for (const run of runs) {
    const key = groupKey(run, grouping)
    const group = groups.get(key)
    if (group) group.push(run)
    else groups.set(key, [run])
  }
  return groups
}

export function groupKey(run: RunSummary, grouping: Grouping): string {
  switch (grouping) {
    case 'experiment':
      return run.experimentId
    case 'tag':
      return run.tags[0] ?? ''
    case 'dynamics':
      return describeDynamics(run)
    case 'modulus':
      return String(run.facets['task.modulus'] ?? '')
    case 'status':
      return run.status
    case 'none':
      return ''
  }
}

function groupName(run: RunSummary, grouping: Grouping): string {
  const key = groupKey(run, grouping)
  if (grouping === 'experiment') return run.experiment
  if (grouping === 'modulus') return key === '' ? 'no modulus' : `p = ${key}`
  if (grouping === 'tag') return key === '' ? 'no tag' : key
  return key
}

const collator = new Intl.Collator('en', { numeric: true })

function sortRuns(runs: readonly RunSummary[], { column, descending }: Sorting): RunSummary[] {
  const direction = descending ? -1 : 1
  const keyed = runs.map((run) => ({ run, value: column.of(run) }))
  keyed.sort((a, b) => {
    const bySeed = a.run.seed - b.run.seed
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null) || bySeed
    return direction * compareValues(a.value, b.value) || bySeed
  })
  return keyed.map(({ run }) => run)
}

function compareValues(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}
