import type { RunStatus, RunSummary } from '../run.ts'

export const shelves = ['library', 'setAside', 'bin'] as const
export type Shelf = (typeof shelves)[number]

export const groupings = ['experiment', 'tag', 'dynamics', 'modulus', 'status', 'none'] as const
export type Grouping = (typeof groupings)[number]

export function shelfOf({ archivedAt, binnedAt }: Pick<RunSummary, 'archivedAt' | 'binnedAt'>): Shelf {
  if (binnedAt !== null) return 'bin'
  return archivedAt === null ? 'library' : 'setAside'
}

/** What a line of the table shows, wherever it stands. */
export type LineKey = { run: string } | { group: string }

export type TableLine = RunLine | GroupLine

export interface RunLine {
  kind: 'run'
  run: RunSummary
  /** The group it stands in; undefined where there are no groups. */
  group?: { key: string; name: string }
}

export interface GroupLine {
  kind: 'group'
  key: string
  name: string
  folded: boolean
  /** Of its runs that were found. */
  count: number
  /** Of its runs on the shelf. */
  total: number
  /** Those that all of the found runs have. */
  tags: string[]
  /** The first of its runs, as the table is sorted; `firstRuns` of them at most. */
  first: RunSummary[]
  /** Of the columns that were asked for, by their ids. */
  readings: Record<string, Reading>
}

export const firstRuns = 5

/** What the found runs of a group come to in a column. */
export interface Reading {
  /** How many have a value. */
  count: number
  /** How many have one that will not change any more. */
  settled: number
  sum: number
  /** Null where no run has a number, as for `most` and `mean`. */
  min: number | null
  max: number | null
  mean: number | null
  /** Of the sample; null for fewer than two numbers. */
  deviation: number | null
  /** Whether every number is whole. */
  integers: boolean
  /** The value that all of the runs have; null where they do not share one. */
  same: number | string | null
}

/** Why runs are hidden: how many a part of the filter hides that no part before it does. */
export interface HiddenCount {
  term: string
  count: number
}

/** Some consecutive lines of the table, and what there is besides them. */
export interface RunTablePage {
  /** Runs on the shelf. */
  onShelf: number
  /** Those of them that pass the filter. */
  found: number
  /** How many runs of each status are on the shelf. */
  statuses: Partial<Record<RunStatus, number>>
  hidden: HiddenCount[]
  /** Of the whole table. */
  lines: number
  /** The number of the first line of `page`, from 0; less than was asked for where the table ends before. */
  from: number
  page: TableLine[]
  /** The number of the line that was looked for; null where it is not in the table. */
  at: number | null
}

/** How a group is called; an experiment by its own name. */
export function groupName(key: string, grouping: Grouping, experiment: string): string {
  if (grouping === 'experiment') return experiment
  if (grouping === 'modulus') return key === '' ? 'no modulus' : `p = ${key}`
  if (grouping === 'tag') return key === '' ? 'no tag' : key
  return key
}
