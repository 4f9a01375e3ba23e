import { maxRunIds, maxRunValues, type RunValueCount } from '../../src/shared/contract/runs.ts'
import type { RequestData, Responses } from '../../src/shared/contract.ts'
import { LabError } from '../../src/shared/errors.ts'
import { describeDynamics } from '../../src/shared/query/describeDynamics.ts'
import { filterRuns, runPredicate } from '../../src/shared/query/filterRuns.ts'
import { findRunColumn, readColumn, type RunColumn } from '../../src/shared/query/runColumns.ts'
import { findRunField, readRunField } from '../../src/shared/query/runFields.ts'
import { parseRunQuery } from '../../src/shared/query/runQuery.ts'
import {
  firstRuns,
  groupName,
  shelfOf,
  type GroupLine,
  type Grouping,
  type HiddenCount,
  type LineKey,
  type Reading,
  type RunTablePage,
  type TableLine,
} from '../../src/shared/query/runTable.ts'
import { quote } from '../../src/shared/quote.ts'
import type { RunStatus, RunSummary } from '../../src/shared/run.ts'

type Table = Pick<RequestData<'run.ids'>, 'shelf' | 'terms' | 'without' | 'grouping' | 'sort' | 'folded'>

/** A line before its runs are looked at. */
type Line = { kind: 'run'; run: RunSummary; group: Group | undefined } | { kind: 'group'; group: Group }

interface Group {
  key: string
  runs: RunSummary[]
}

export function listChosen(
  all: readonly RunSummary[],
  { where, shelf, runIds, experimentIds, figure, status, sort, limit }: RequestData<'run.list'>,
): Responses['run.list'] {
  const [ids, experiments] = [runIds && new Set(runIds), experimentIds && new Set(experimentIds)]
  const chosen = all.filter(
    (run) =>
      (shelf === undefined || shelfOf(run) === shelf) &&
      (!ids || ids.has(run.id)) &&
      (!experiments || experiments.has(run.experimentId)) &&
      (figure === undefined || run.figure === figure) &&
      (!status || status.includes(run.status)),
  )
  const found = filterRuns(where, chosen)
  return { runs: (sort ? sortRuns(found, sort) : found).slice(0, limit), total: found.length }
}

export function tablePage(all: readonly RunSummary[], question: RequestData<'run.table'>): RunTablePage {
  const { grouping, terms, folded, columns, count, find } = question
  const onShelf = runsOnShelf(all, question)
  const found = passing(terms, onShelf)
  const lines = linesOf(groupsOf(found, question), question)
  const totals = Map.groupBy(onShelf, (run) => groupKey(run, grouping))
  const isFolded = (key: string) => folded === 'all' || folded.includes(key)
  const from = Math.max(0, Math.min(question.from, lines.length - count))
  const at = find ? lines.findIndex((line) => isLine(line, find)) : -1
  const statuses: Partial<Record<RunStatus, number>> = {}
  for (const { status } of onShelf) statuses[status] = (statuses[status] ?? 0) + 1

  function describe(line: Line): TableLine {
    if (line.kind === 'run') {
      const { run, group } = line
      return { kind: 'run', run, ...(group && { group: { key: group.key, name: nameOf(group) } }) }
    }
    const { key, runs } = line.group
    return {
      kind: 'group',
      key,
      name: nameOf(line.group),
      folded: isFolded(key),
      count: runs.length,
      total: totals.get(key)!.length,
      tags: runs[0]!.tags.filter((tag) => runs.every((run) => run.tags.includes(tag))),
      first: runs.slice(0, firstRuns),
      readings: Object.fromEntries(
        columns
          .filter((id) => findRunColumn(id)!.group !== 'none')
          .map((id) => [id, readGroup(findRunColumn(id)!, runs)]),
      ),
    } satisfies GroupLine
  }

  function nameOf({ key, runs }: Group): string {
    return groupName(key, grouping, runs[0]!.experiment)
  }

  return {
    onShelf: onShelf.length,
    found: found.length,
    statuses,
    hidden: countHidden(terms, onShelf),
    lines: lines.length,
    from,
    page: lines.slice(from, from + count).map(describe),
    at: at < 0 ? null : at,
  }
}

export function tableIds(all: readonly RunSummary[], question: RequestData<'run.ids'>): Responses['run.ids'] {
  const { group, lines: range, runIds } = question
  const groups = groupsOf(passing(question.terms, runsOnShelf(all, question)), question)
  const needed = runIds && new Set(runIds)
  const chosen = range ? runsInRange(linesOf(groups, question), range) : groups.flatMap(({ runs }) => runs)
  const ids = chosen.filter(
    (run) => (group === undefined || groupKey(run, question.grouping) === group) && (!needed || needed.has(run.id)),
  )
  if (ids.length > maxRunIds) {
    throw new LabError('TOO_LARGE', `${ids.length} runs are more than are chosen at once; at most ${maxRunIds}`)
  }
  return { runIds: ids.map(({ id }) => id), groups: ids.map((run) => groupKey(run, question.grouping)) }
}

export function countRunValues(
  all: readonly RunSummary[],
  { shelf, runIds, field: name, prefix }: RequestData<'run.values'>,
): RunValueCount[] {
  const field = findRunField(name)
  if (!field) throw new LabError('NOT_FOUND', `there is no field ${quote(name)} of runs`)
  const ids = runIds && new Set(runIds)
  const counts = new Map<string, number>()
  for (const run of all) {
    if ((shelf !== undefined && shelfOf(run) !== shelf) || (ids && !ids.has(run.id))) continue
    for (const value of readRunField(field, run)) {
      const text = String(value)
      if (value === null || !text.toLowerCase().startsWith(prefix.toLowerCase())) continue
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || collator.compare(a.value, b.value) || (a.value < b.value ? -1 : 1))
    .slice(0, maxRunValues)
}

function runsOnShelf(all: readonly RunSummary[], { shelf, without }: Table): RunSummary[] {
  const hidden = new Set(without)
  return all.filter((run) => shelfOf(run) === shelf && !hidden.has(run.id))
}

function passing(terms: readonly string[], runs: readonly RunSummary[]): RunSummary[] {
  return terms.reduce<RunSummary[]>((left, term) => filterRuns(term, left), [...runs])
}

function countHidden(terms: readonly string[], runs: readonly RunSummary[]): HiddenCount[] {
  let left = runs
  return terms
    .map((term) => {
      const passed = left.filter(runPredicate(parseRunQuery(term)))
      const count = left.length - passed.length
      left = passed
      return { term, count }
    })
    .filter(({ count }) => count > 0)
}

/** Runs are sorted within their groups, and groups by their first run. */
function groupsOf(found: readonly RunSummary[], { grouping, sort }: Table): Group[] {
  const groups = Map.groupBy(sortRuns(found, sort), (run) => groupKey(run, grouping))
  return [...groups].map(([key, runs]) => ({ key, runs }))
}

function linesOf(groups: readonly Group[], { grouping, folded }: Table): Line[] {
  const isGrouped = grouping !== 'none'
  return groups.flatMap((group) => {
    const head: Line[] = isGrouped ? [{ kind: 'group', group }] : []
    const isFolded = isGrouped && (folded === 'all' || folded.includes(group.key))
    const rows = isFolded ? [] : group.runs
    return [...head, ...rows.map((run): Line => ({ kind: 'run', run, group: isGrouped ? group : undefined }))]
  })
}

function runsInRange(lines: readonly Line[], { from, to }: { from: LineKey; to: LineKey }): RunSummary[] {
  const places = [from, to].map((key) => lines.findIndex((line) => isLine(line, key)))
  const [first, last] = [Math.min(...places), Math.max(...places)]
  if (first < 0) return []
  const runs = lines.slice(first, last + 1).flatMap((line) => (line.kind === 'run' ? [line.run] : line.group.runs))
  return [...new Set(runs)]
}

function isLine(line: Line, key: LineKey): boolean {
  if (line.kind === 'run') return 'run' in key && key.run === line.run.id
  return 'group' in key && key.group === line.group.key
}

const collator = new Intl.Collator('en', { numeric: true })

/** What has no value stands last in either direction. Equal values are ordered by seed, then as the runs came. */
function sortRuns(runs: readonly RunSummary[], { by, descending }: RequestData<'run.ids'>['sort']): RunSummary[] {
  const column = findRunColumn(by)!
  const direction = descending ? -1 : 1
  const keyed = runs.map((run) => ({ run, value: readColumn(column, run) }))
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

function readGroup(column: RunColumn, runs: readonly RunSummary[]): Reading {
  const values = runs.map((run) => readColumn(column, run))
  const numbers = values.filter((value) => typeof value === 'number')
  const sum = numbers.reduce((total, value) => total + value, 0)
  const mean = numbers.length > 0 ? sum / numbers.length : null
  const squares = numbers.reduce((total, value) => total + (value - mean!) ** 2, 0)
  return {
    count: values.filter((value) => value !== null).length,
    settled: runs.filter((run, i) => values[i] !== null && (column.settled || run.status === 'finished')).length,
    sum,
    min: numbers.length > 0 ? numbers.reduce((a, b) => Math.min(a, b)) : null,
    max: numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : null,
    mean,
    deviation: numbers.length > 1 ? Math.sqrt(squares / (numbers.length - 1)) : null,
    integers: numbers.every(Number.isInteger),
    same: values.every((value) => value === values[0]) ? (values[0] ?? null) : null,
  }
}

/** The key of the group that a run is in. */
function groupKey(run: RunSummary, grouping: Grouping): string {
  switch (grouping) {
    case 'experiment':
      return run.experimentId
    case 'tag':
      return run.tags[0] ?? ''
    case 'dynamics':
      return describeDynamics(run.facets)
    case 'modulus':
      return String(run.facets['task.modulus'] ?? '')
    case 'status':
      return run.status
    case 'none':
      return ''
  }
}
