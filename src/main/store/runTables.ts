import type { Database } from 'better-sqlite3'
import { maxRunIds, type RunValueCount } from '../../shared/contract/runs.ts'
import type { RequestData, Responses } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { findRunColumn } from '../../shared/query/runColumns.ts'
import { findRunField, type TextValue } from '../../shared/query/runFields.ts'
import type { RunValue } from '../../shared/query/runValues.ts'
import { firstRuns, groupName, type GroupLine, type RunTablePage, type TableLine } from '../../shared/query/runTable.ts'
import { runStatuses, type RunStatus, type RunSummary } from '../../shared/run.ts'
import { arrangeTable, findLine, lineAt, runsOfLines, type Arrangement, type GroupSpan } from './arrangeTable.ts'
import { readGroups } from './readGroups.ts'
import { facetFields, type FacetPath, type Facets } from '../../shared/specification/facets.ts'
import { findChosen } from './runChoice.ts'
import type { RunIndex } from './runIndex.ts'
import { countValues } from './runValueCounts.ts'
import { searchedFreely } from './passingPlaces.ts'
import { preparedOnce } from './preparedOnce.ts'

interface Parts {
  database: Database
  index: RunIndex
  /** Of the runs with these rowids, in their order. */
  summaries: (rowids: readonly number[]) => RunSummary[]
}

/** Lists of runs in parts: the archive answers what is asked of all runs, and summaries are read of those shown. */
export class RunTables {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  list(question: Omit<RequestData<'run.list'>, 'archive'>): Responses['run.list'] {
    return this.#parts.index.reading(() => this.#list(question))
  }

  page(question: Omit<RequestData<'run.table'>, 'archive'>): RunTablePage {
    return this.#parts.index.reading(() => this.#page(question))
  }

  ids(question: Omit<RequestData<'run.ids'>, 'archive'>): Responses['run.ids'] {
    return this.#parts.index.reading(() => this.#ids(question))
  }

  /** The fields of a specification in which the runs of a table are not all alike; one that some of them lack is among these. */
  differing(question: Omit<RequestData<'run.differing'>, 'archive'>): FacetPath[] {
    const { index } = this.#parts
    return index.reading(() => {
      const { found } = arrangeTable(index, question)
      // Runs of one setup are alike, and many have the same.
      const setups = index.values().ofFacets((facets) => JSON.stringify(facets))
      const present = new Set(Array.from(found, (place) => setups.of[place]!))
      const all = [...present].map((key): Facets =>
        key < 0 ? {} : (JSON.parse(String(setups.keys.at(key))) as Facets),
      )
      return facetFields
        .map(({ path }) => path as FacetPath)
        .filter((path) => new Set(all.map((facets) => facets[path] ?? null)).size > 1)
    })
  }

  values(question: Omit<RequestData<'run.values'>, 'archive'>): RunValueCount[] {
    const { index } = this.#parts
    return index.reading(() => countValues(index, question))
  }

  /**
   * Reads, a part of the runs at each step, what the first letters of a filter are looked for in, what some columns show, and what
   * runs have of the fields that stand alone among the terms of a filter: next they are compared with something.
   */
  *readAhead(columns: readonly string[], terms: readonly string[] = []): Generator<void, void> {
    const { index } = this.#parts
    yield void index.reading(() => index.census())
    for (const value of searchedFreely) yield* index.readAhead(value)
    for (const id of columns) {
      const column = findRunColumn(id)!
      if (column.value.in === 'setup') yield void index.reading(() => index.values().column(column))
      else yield* index.readAhead(column.value)
    }
    for (const term of terms) {
      const field = findRunField(term)
      for (const value of field ? storedValuesOf(field.value) : []) yield* index.readAhead(value)
    }
  }

  #list({ sort, limit, ...choice }: Omit<RequestData<'run.list'>, 'archive'>): Responses['run.list'] {
    const { database, index, summaries } = this.#parts
    const { rowids, total } = findChosen(database, index, { ...choice, includeBinned: true }, { sort, limit })
    return { runs: summaries(rowids), total }
  }

  #page(question: Omit<RequestData<'run.table'>, 'archive'>): RunTablePage {
    const { index } = this.#parts
    const arrangement = arrangeTable(index, question)
    const { onShelf, found, hidden, lines } = arrangement
    const { count, find } = question
    const from = Math.max(0, Math.min(question.from, lines - count))
    return {
      ...this.#shelfCounts(onShelf),
      found: found.length,
      hidden,
      lines,
      from,
      page: this.#describe(arrangement, question, from, Math.min(lines, from + count)),
      at: find ? findLine(index, arrangement, find) : null,
    }
  }

  #ids(question: Omit<RequestData<'run.ids'>, 'archive'>): Responses['run.ids'] {
    const { index } = this.#parts
    const { group, lines, runIds, grouping } = question
    const arrangement = arrangeTable(index, question)
    let places = arrangement.found
    if (lines) {
      const numbers = [lines.from, lines.to].map((key) => findLine(index, arrangement, key))
      const [one, other] = numbers
      if (typeof one !== 'number' || typeof other !== 'number') return { runIds: [], groups: [] }
      const { start, end } = runsOfLines(arrangement, Math.min(one, other), Math.max(one, other))
      places = places.subarray(start, end)
    }
    const partition = grouping === 'none' ? undefined : index.groups(grouping)
    const keyOf = (place: number) => (partition ? String(partition.keys.at(partition.of[place]!)) : '')
    if (group !== undefined) places = places.filter((place) => keyOf(place) === group)
    if (runIds) {
      const needed = new Set(index.placesOf(runIds))
      places = places.filter((place) => needed.has(place))
    }
    if (places.length > maxRunIds) {
      throw new LabError('TOO_LARGE', `${places.length} runs are more than are chosen at once; at most ${maxRunIds}`)
    }
    return { runIds: index.idsOf(places), groups: Array.from(places, keyOf) }
  }

  #shelfCounts(onShelf: Uint8Array): Pick<RunTablePage, 'onShelf' | 'statuses'> {
    const { status } = this.#parts.index.census()
    const counts = runStatuses.map(() => 0)
    for (let place = 0; place < onShelf.length; place++) if (onShelf[place] === 1) counts[status[place]!]! += 1
    const statuses: Partial<Record<RunStatus, number>> = {}
    for (const [i, count] of counts.entries()) if (count > 0) statuses[runStatuses[i]!] = count
    return { onShelf: counts.reduce((sum, count) => sum + count, 0), statuses }
  }

  /** The summaries of all runs that these lines show are read at once. */
  #describe(
    arrangement: Arrangement,
    { grouping, columns }: Omit<RequestData<'run.table'>, 'archive'>,
    from: number,
    to: number,
  ): TableLine[] {
    const { database, index, summaries } = this.#parts
    const { found } = arrangement
    const { rowids } = index.census()
    const shown = Array.from({ length: to - from }, (_, i) => lineAt(arrangement, from + i))
    const firstOf = ({ start, end }: GroupSpan) => found.subarray(start, Math.min(end, start + firstRuns))
    const places = shown.flatMap(({ at, group }) => [
      ...(at === null ? [] : [found[at]!]),
      ...(group ? firstOf(group) : []),
    ])
    const distinct = [...new Set(places)]
    const summarized = summaries(distinct.map((place) => rowids[place]!))
    const runs = new Map(distinct.map((place, i) => [place, summarized[i]!]))

    function nameOf(group: GroupSpan): string {
      return groupName(group.key, grouping, runs.get(found[group.start]!)!.experiment)
    }

    const heads = shown.flatMap(({ at, group }) => (at === null && group ? [group] : []))
    const read = readGroups(
      index,
      columns.flatMap((id) => findRunColumn(id) ?? []).filter((column) => column.group !== 'none'),
      heads.map(({ start, end }) => found.subarray(start, end)),
    )
    const readings = new Map(heads.map((group, i) => [group, read[i]!]))

    function describeGroup(group: GroupSpan): GroupLine {
      const own = found.subarray(group.start, group.end)
      const first = Array.from(firstOf(group), (place) => runs.get(place)!)
      return {
        kind: 'group',
        key: group.key,
        name: nameOf(group),
        folded: group.folded,
        count: own.length,
        total: group.total,
        tags: sharedTags(
          database,
          first[0]!.tags,
          Array.from(own, (place) => rowids[place]!),
        ),
        first,
        readings: readings.get(group)!,
      }
    }

    return shown.map(({ at, group }) => {
      if (at === null) return describeGroup(group!)
      const run = runs.get(found[at]!)!
      return { kind: 'run', run, ...(group && { group: { key: group.key, name: nameOf(group) } }) }
    })
  }
}

/** What is read of runs for a field. */
function storedValuesOf(value: TextValue | RunValue): readonly RunValue[] {
  if (value.in === 'any') return value.of
  return value.in === 'tags' || value.in === 'properties' ? [] : [value]
}

/** Those of the tags that each of the runs has. */
function sharedTags(database: Database, tags: readonly string[], rowids: readonly number[]): string[] {
  const { without } = statements(database)
  // Of many runs, the first tell of most tags that not all have them.
  return [rowids.slice(0, 100), rowids].reduce<readonly string[]>((shared, among) => {
    if (shared.length === 0) return shared
    const runs = JSON.stringify(among)
    return shared.filter((tag) => without.get(runs, tag) === undefined)
  }, tags) as string[]
}

const statements = preparedOnce((database) => ({
  without: database.prepare(
    `SELECT 1 FROM json_each(?) AS chosen CROSS JOIN runs ON runs.rowid = chosen.value
     WHERE NOT EXISTS (SELECT 1 FROM tags WHERE runId = runs.id AND tag = ?) LIMIT 1`,
  ),
}))
