import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { LabError } from '../../../shared/errors.ts'
import { filterRuns } from '../../../shared/query/filterRuns.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { oncePerFrame } from '../../composables/oncePerFrame.ts'
import { useKept } from '../../composables/useKept.ts'
import { useRuns } from '../../composables/useRuns.ts'
import { on } from '../../lab.ts'
import { arrangeRuns, groupings, groupKey, type Grouping } from './arrangeRuns.ts'
import { readLatest, withReadings, type LiveReading } from './liveReadings.ts'
import { countHidden, isFilter, joinTerms, queryTerms, withoutUnfinished } from './queryTerms.ts'
import { findColumn, runColumns } from './runColumns.ts'

export type Shelf = 'library' | 'archived' | 'bin'

const refreshEvery = 200
const shownAtFirst = runColumns.filter(({ shown }) => shown).map(({ id }) => id)

/** What the table shows of an archive: filter, shelf, grouping, sorting, columns, and the lines that follow from them. */
export function useRunTable(archive: Ref<string | undefined>, leaving: Ref<ReadonlySet<string>>) {
  const store = computed(() => useRuns(archive.value))
  const readings = useReadings()
  const all = useCalm(
    computed(() => {
      const { runs } = store.value
      return archive.value === undefined ? withReadings(runs.value, readings.value) : runs.value
    }),
  )
  const shelf = ref<Shelf>('library')
  const terms = ref<string[]>([])
  const typing = ref('')
  const grouping = useKept<Grouping>('runs.grouping', 'experiment', (kept) => groupings.includes(kept as Grouping))
  const sorting = useKept('runs.sorting', { id: 'createdAt', descending: true })
  const shownIds = useKept('runs.columns', shownAtFirst, Array.isArray)
  const folded = shallowRef<ReadonlySet<string>>(new Set())

  shownIds.value = shownIds.value.flatMap((id) => findColumn(id)?.id ?? [])
  sorting.value.id = findColumn(sorting.value.id)?.id ?? sorting.value.id
  const columns = computed(() => runColumns.filter(({ id }) => id === 'name' || shownIds.value.includes(id)))
  const isOn = (place: Shelf, run: RunSummary) =>
    shelfOf(run) === place && !(place === 'bin' && leaving.value.has(run.id))
  const onShelf = computed(() => all.value.filter((run) => isOn(shelf.value, run)))
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
  const found = computed(() => filterRuns(query.value, onShelf.value))
  const hidden = computed(() =>
    found.value.length === onShelf.value.length ? [] : countHidden(queryTerms(query.value), onShelf.value),
  )
  const lines = computed(() => {
    const column = findColumn(sorting.value.id) ?? runColumns[0]!
    return arrangeRuns(found.value, grouping.value, { column, descending: sorting.value.descending }, folded.value)
  })
  const groupSizes = computed(() => {
    const sizes = new Map<string, number>()
    for (const run of onShelf.value) {
      const key = groupKey(run, grouping.value)
      sizes.set(key, (sizes.get(key) ?? 0) + 1)
    }
    return sizes
  })

  return {
    store,
    shelf,
    terms,
    typing,
    mistake,
    query,
    grouping,
    sorting,
    shownIds,
    columns,
    onShelf,
    found,
    hidden,
    lines,
    groupSizes,
    folded,
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

export function shelfOf({ archivedAt, binnedAt }: RunSummary): Shelf {
  if (binnedAt !== null) return 'bin'
  return archivedAt === null ? 'library' : 'archived'
}

function mistakeIn(text: string): string | null {
  try {
    filterRuns(text, [])
    return null
  } catch (error) {
    // At the end of the text a person is still typing.
    const place = error instanceof LabError ? (error.detail as { to: number }) : null
    if (!place || place.to >= text.trimEnd().length) return null
    return (error as LabError).message.replace(/^filter, character \d+: /, '')
  }
}

/** The newest measurements of live runs, while the table is on the page. */
function useReadings(): Ref<ReadonlyMap<string, LiveReading>> {
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

/** The latest value, at most a few times a second: sorting ten thousand runs on every event would help nobody. */
function useCalm<Value>(source: Ref<Value>): Ref<Value> {
  const calm = shallowRef(source.value) as Ref<Value>
  let waiting = 0
  watch(source, (value) => {
    if (waiting) return
    calm.value = value
    waiting = window.setTimeout(() => {
      waiting = 0
      calm.value = source.value
    }, refreshEvery)
  })
  return calm
}
