import { findRunColumn } from '../../shared/query/runColumns.ts'
import { shelves, type HiddenCount, type LineKey } from '../../shared/query/runTable.ts'
import type { RunIndex, Table } from './runIndex.ts'
import { selectPlaces, type Partition } from './values.ts'

/** The runs of a table from top to bottom, as places of the census, and its lines as numbers. */
export interface Arrangement {
  /** Runs on the shelf, found or not, by place. */
  onShelf: Uint8Array
  /** Those that were found, group by group, sorted. */
  found: Int32Array
  hidden: HiddenCount[]
  /** Undefined where there are no groups; else in their order. */
  groups: readonly GroupSpan[] | undefined
  lines: number
}

/** A group of found runs: those from `start` to `end` (excluded) in `found`; its own line is `line`. */
export interface GroupSpan {
  key: string
  /** On the shelf. */
  total: number
  start: number
  end: number
  line: number
  folded: boolean
}

/** Runs are sorted within their groups, and groups by their first run. */
export function arrangeTable(index: RunIndex, table: Table): Arrangement {
  return index.arrangement(table, () => arrange(index, table))
}

function arrange(index: RunIndex, { shelf, terms, without, grouping, sort, folded }: Table): Arrangement {
  const census = index.census()
  const onShelf = census.shelf.map((at) => Number(shelves[at] === shelf))
  if (without.length > 0) for (const place of index.placesOf(without)) onShelf[place] = 0
  const passing = onShelf.slice()
  const hidden = terms
    .map((term): HiddenCount => ({ term, count: keepPassing(passing, index.passing(term)) }))
    .filter(({ count }) => count > 0)
  const sorted = selectPlaces(index.order(findRunColumn(sort.by)!, sort.descending), (place) => passing[place] === 1)
  if (grouping === 'none') return { onShelf, found: sorted, hidden, groups: undefined, lines: sorted.length }
  const partition = index.groups(grouping)
  const { found, groups } = groupRuns(sorted, partition, onShelf, folded)
  const last = groups.at(-1)
  return { onShelf, found, hidden, groups, lines: last ? last.line + linesOf(last) : 0 }
}

/** What a line shows: a run by its place in `found`, or a group alone. */
export function lineAt({ groups, found }: Arrangement, line: number): { at: number | null; group?: GroupSpan } {
  if (!groups) return { at: line < found.length ? line : null }
  const group = groups[lastAtMost(groups, line)]!
  return { at: line === group.line ? null : group.start + line - group.line - 1, group }
}

/** The number of a line; null where it is not shown. */
export function findLine(index: RunIndex, arrangement: Arrangement, key: LineKey): number | null {
  const { groups, found } = arrangement
  if ('group' in key) return groups?.find((group) => group.key === key.group)?.line ?? null
  const [place] = index.placesOf([key.run])
  const at = place === undefined ? -1 : found.indexOf(place)
  if (at < 0) return null
  if (!groups) return at
  const group = groups.find(({ end }) => at < end)!
  return group.folded ? null : group.line + 1 + at - group.start
}

/** Those of the found runs that some lines show, a folded group all of its own, from `start` to `end` in `found`. */
export function runsOfLines(arrangement: Arrangement, first: number, last: number): { start: number; end: number } {
  const [from, to] = [lineAt(arrangement, first), lineAt(arrangement, last)]
  // The line of a group stands for all of its runs.
  const end = to.group && to.group.line >= first ? to.group.end : to.at! + 1
  return { start: from.at ?? from.group!.start, end }
}

/** Takes out what does not pass, and counts it. */
function keepPassing(passing: Uint8Array, alsoPassing: Uint8Array): number {
  let count = 0
  for (let place = 0; place < passing.length; place++) {
    if (passing[place] === 0 || alsoPassing[place] === 1) continue
    passing[place] = 0
    count += 1
  }
  return count
}

function groupRuns(
  sorted: Int32Array,
  { keys, of }: Partition,
  onShelf: Uint8Array,
  folded: Table['folded'],
): { found: Int32Array; groups: GroupSpan[] } {
  const [totals, sizes] = [new Int32Array(keys.length), new Int32Array(keys.length)]
  for (let place = 0; place < onShelf.length; place++) if (onShelf[place] === 1) totals[of[place]!]! += 1
  const order: number[] = []
  for (const place of sorted) {
    const key = of[place]!
    if (sizes[key] === 0) order.push(key)
    sizes[key]! += 1
  }
  const isFolded = folded === 'all' ? () => true : (key: string) => foldedKeys.has(key)
  const foldedKeys = new Set(folded === 'all' ? [] : folded)
  const next = new Int32Array(keys.length)
  const groups: GroupSpan[] = []
  let [start, line] = [0, 0]
  for (const number of order) {
    const key = String(keys.at(number))
    const end = start + sizes[number]!
    const group = { key, total: totals[number]!, start, end, line, folded: isFolded(key) }
    groups.push(group)
    next[number] = start
    start = end
    line += linesOf(group)
  }
  const found = new Int32Array(sorted.length)
  for (const place of sorted) found[next[of[place]!]!++] = place
  return { found, groups }
}

function linesOf({ start, end, folded }: GroupSpan): number {
  return folded ? 1 : 1 + end - start
}

/** The last group whose line is not after this one. */
function lastAtMost(groups: readonly GroupSpan[], line: number): number {
  let [low, high] = [0, groups.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (groups[middle]!.line <= line) low = middle
    else high = middle - 1
  }
  return low
}
