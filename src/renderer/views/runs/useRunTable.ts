import { computed, ref, shallowRef, watch, type Ref, onScopeDispose, type ShallowRef } from 'vue'
import { LabError } from '../../../shared/errors.ts'
import { isSettled } from '../../../shared/run.ts'
import { parseRunQuery } from '../../../shared/query/runQuery.ts'
import { facetFields } from '../../../shared/specification/facets.ts'
import { groupings, type Grouping, type Shelf, type TableLine } from '../../../shared/query/runTable.ts'
import { useKept } from '../../composables/useKept.ts'
import { request, on } from '../../lab.ts'
import { useWatched } from '../../composables/useWatched.ts'
import { withReading, readLatest, type LiveReading } from './liveReadings.ts'
import { isFilter, joinTerms, queryTerms, withoutUnfinished } from './queryTerms.ts'
import { findColumn, tableColumns } from './tableColumns.ts'
import { keepByHand, useSelection } from './useSelection.ts'
import { useTablePages, type TableQuestion } from './useTablePages.ts'
import { oncePerFrame } from '../../composables/oncePerFrame.ts'

const shownAtFirst = tableColumns.filter(({ shown }) => shown).map(({ id }) => id)

/**
 * What the table shows of an archive: filter, shelf, grouping, sorting, columns, the lines around those on the screen, and
 * what is chosen of all of them.
 */
export function useRunTable(archive: Ref<string | undefined>, leaving: Ref<ReadonlySet<string>>) {
  const shelf = ref<Shelf>('library')
  const terms = ref<string[]>([])
  const typing = ref('')
  const grouping = useKept<Grouping>('runs.grouping', 'experiment', (kept) => groupings.includes(kept as Grouping))
  const sorting = useKept('runs.sorting', { id: 'createdAt', descending: true })
  const shownIds = useKept('runs.columns', shownAtFirst, Array.isArray)
  const folded = shallowRef<ReadonlySet<string>>(new Set())

  shownIds.value = shownIds.value.flatMap((id) => findColumn(id)?.id ?? [])
  sorting.value.id = (findColumn(sorting.value.id) ?? tableColumns[0]!).id
  const columns = computed(() => tableColumns.filter(({ id }) => id === 'name' || shownIds.value.includes(id)))
  const mistake = computed(() => mistakeIn(typing.value))
  // While a word is being typed the filter before it stays in force.
  const lastTyped = shallowRef('')
  watch(
    typing,
    (text) => {
      const finished = withoutUnfinished(text)
      if (isFilter(finished)) lastTyped.value = finished
    },
    { flush: 'sync' },
  )
  const query = computed(() => joinTerms([...terms.value, lastTyped.value]))
  const question = computed<TableQuestion>(() => ({
    table: {
      archive: archive.value,
      shelf: shelf.value,
      terms: queryTerms(query.value),
      without: shelf.value === 'bin' ? [...leaving.value] : [],
      grouping: grouping.value,
      sort: { by: sorting.value.id, descending: sorting.value.descending },
      folded: [...folded.value],
    },
    columns: columns.value.map(({ id }) => id),
  }))

  const kept = keepByHand()
  const { answer, page, failure, look } = useTablePages(question, kept)
  const readings = useLiveReadings()
  const lines = computed<readonly TableLine[]>(() =>
    (page.value?.page ?? []).map((line) =>
      line.kind === 'run' && archive.value === undefined
        ? { ...line, run: withReading(line.run, readings.value.get(line.run.id)) }
        : line,
    ),
  )
  const lineAt = (place: number) => page.value?.page[place - page.value.from]
  const selection = useSelection(kept, { question, answer, lineAt })
  // Of runs that have ended there is nothing to be told that the next page does not bring.
  useWatched(() =>
    archive.value === undefined
      ? lines.value.flatMap((line) => (line.kind === 'run' && !isSettled(line.run.status) ? [line.run.id] : []))
      : [],
  )

  return {
    /** Whether the answer to what is asked now is still on its way. */
    isBehind: computed(() => answer.value?.question !== question.value),
    shelf,
    terms,
    typing,
    mistake,
    query,
    grouping,
    sorting,
    shownIds,
    columns,
    page,
    failure,
    lines,
    look,
    selection,
    lineAt,
    /** All runs of a group as it is shown, whatever is asked since. */
    runsOf: async (group: string) => {
      const { table } = answer.value?.question ?? question.value
      return (await request('run.ids', { ...table, group })).runIds
    },
    /** Shows those columns of the specification in which the found runs differ, in place of others of it. */
    async showDiffering() {
      const { columns: differing } = await request('run.differing', question.value.table)
      const others = shownIds.value.filter((id) => !facetFields.some(({ path }) => path === id))
      shownIds.value = [...others, ...differing]
    },
    setQuery(text: string) {
      terms.value = queryTerms(text)
      typing.value = ''
    },
    sortBy(id: string) {
      const again = sorting.value.id === id
      sorting.value = { id, descending: again ? !sorting.value.descending : false }
    },
    fold(key: string) {
      const next = new Set(folded.value)
      if (!next.delete(key)) next.add(key)
      folded.value = next
    },
  }
}

export type RunTable = ReturnType<typeof useRunTable>

function mistakeIn(text: string): string | null {
  try {
    parseRunQuery(text)
    return null
  } catch (error) {
    // At the end of the text a person is still typing.
    const place = error instanceof LabError ? (error.detail as { to: number }) : null
    if (!place || place.to >= text.trimEnd().length) return null
    return (error as LabError).message.replace(/^filter, character \d+: /, '')
  }
}

/** The newest measurements of the live runs that are watched, while the table is on the page. */
function useLiveReadings(): ShallowRef<ReadonlyMap<string, LiveReading>> {
  const readings = shallowRef<ReadonlyMap<string, LiveReading>>(new Map())
  const latest = new Map<string, LiveReading>()
  const publish = oncePerFrame(() => (readings.value = new Map(latest)))
  onScopeDispose(
    on('run.measured', (rows) => {
      latest.set(rows.runId, readLatest(latest.get(rows.runId), rows))
      publish()
    }),
  )
  onScopeDispose(
    on('run.changed', (runs) => {
      for (const { id, status } of runs) {
        if (status !== 'running' && status !== 'paused' && latest.delete(id)) publish()
      }
    }),
  )
  return readings
}
