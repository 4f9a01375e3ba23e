import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { maxLines } from '../../../shared/contract/runs.ts'
import type { RequestInput, Responses } from '../../../shared/contract.ts'
import { printable } from '../../../shared/printable.ts'
import type { LineKey, RunTablePage, TableLine } from '../../../shared/query/runTable.ts'
import { printableRun } from '../../../shared/formatting/printableRun.ts'
import { useTouched } from '../../composables/useTouched.ts'
import { generation, request } from '../../lab.ts'

export interface TableQuestion {
  /** Which lines it has: the same for all that is asked of it. */
  table: Omit<RequestInput<'run.ids'>, 'runIds' | 'group' | 'lines'>
  /** Of which the lines of groups want readings. */
  columns: string[]
}

/** What is kept by a person's hand while the table changes: asked for together with its lines. */
export interface Kept {
  chosen: Ref<ReadonlySet<string>>
  here: Ref<LineKey | null>
}

export interface TableAnswer {
  question: TableQuestion
  page: RunTablePage
  /** The line at the cursor when it was asked for, and its number now. */
  here: LineKey | null
  at: number | null
  /** Which of the runs that were chosen are found; undefined where nothing but other lines was asked for. */
  found?: { of: ReadonlySet<string>; ids: Responses['run.ids'] }
}

export interface TablePages {
  answer: ShallowRef<TableAnswer | null>
  page: ComputedRef<RunTablePage | null>
  failure: ShallowRef<unknown>
  /** Tells which lines are on the screen, so that those around them are there before they are scrolled to. */
  look: (first: number, count: number) => void
}

const restMilliseconds = 250
/** So long after lines that nobody has seen before, those around them are asked for: who types a filter goes on sooner. */
const pauseMilliseconds = 150

/**
 * The lines of the table around those on the screen. One question is on its way at a time, and the latest comes next;
 * what an older one brings is thrown away. Until an answer comes, what is there stays.
 */
export function useTablePages(question: Ref<TableQuestion>, { chosen, here }: Kept): TablePages {
  const answer = shallowRef<TableAnswer | null>(null)
  const failure = shallowRef<unknown>(null)
  const page = computed(() => answer.value?.page ?? null)
  let view = { first: 0, count: 40 }
  let due: 'nothing' | 'lines' | 'everything' = 'nothing'
  let isAsking = false
  let isOver = false
  let surroundings = 0

  function ask(what: 'lines' | 'everything') {
    if (due !== 'everything') due = what
    if (!isAsking) void work()
  }

  async function work() {
    isAsking = true
    while (due !== 'nothing' && !isOver) {
      const everything = due === 'everything'
      due = 'nothing'
      const requested = { question: question.value, view, isNew: answer.value?.question !== question.value }
      window.clearTimeout(surroundings)
      try {
        const read = await readAnswer(requested, everything)
        if (requested.question !== question.value || isOver) continue
        answer.value = read
        failure.value = null
        if (read.found && read.found.of !== chosen.value) ask('everything')
        else if (view !== requested.view && !isPrepared()) ask('lines')
        else if (requested.isNew) surroundings = window.setTimeout(prepare, pauseMilliseconds)
      } catch (error) {
        if (requested.question === question.value) failure.value = error
      }
    }
    isAsking = false
  }

  function prepare(): void {
    if (page.value && !isPrepared()) ask('lines')
  }

  /** What was not asked before is shown as soon as can be: of it the lines on the screen alone. */
  async function readAnswer(
    { question: requested, isNew }: { question: TableQuestion; isNew: boolean },
    everything: boolean,
  ): Promise<TableAnswer> {
    const { table, columns } = requested
    const [of, key] = [chosen.value, here.value]
    const lines = isNew ? { from: view.first, count: Math.max(1, view.count) } : linesAround()
    const [page, ids] = await Promise.all([
      request('run.table', { ...table, columns, ...lines, ...(key && { find: key }) }),
      everything && of.size > 0 ? request('run.ids', { ...table, runIds: [...of] }) : { runIds: [], groups: [] },
    ])
    const found = everything ? { found: { of, ids } } : {}
    return { question: requested, page: printablePage(page), here: key, at: page.at, ...found }
  }

  /** About two screens more on either side. */
  function linesAround(): { from: number; count: number } {
    const count = Math.max(1, Math.min(maxLines, 5 * view.count))
    return { from: Math.max(0, view.first - Math.floor((count - view.count) / 2)), count }
  }

  /** Whether what is on the screen is there, and half of what is kept ready on either side. */
  function isPrepared(): boolean {
    if (!page.value) return false
    const { lines, from, page: there } = page.value
    const { count } = linesAround()
    const ahead = Math.max(0, Math.floor((count - view.count) / 4))
    const first = Math.max(0, Math.min(view.first, lines - view.count))
    return from <= Math.max(0, first - ahead) && from + there.length >= Math.min(lines, first + view.count + ahead)
  }

  // Lines of one archive or shelf are not those of another, even for a moment.
  watch(
    [() => question.value.table.archive, () => question.value.table.shelf],
    () => (answer.value = failure.value = null),
    { flush: 'sync' },
  )
  watch([question, generation], () => ask('everything'), { immediate: true })
  useTouched(
    restMilliseconds,
    () => ask('everything'),
    () => question.value.table.archive === undefined,
  )
  onScopeDispose(() => {
    isOver = true
    window.clearTimeout(surroundings)
  })

  return {
    answer,
    page,
    failure,
    look(first, count) {
      view = { first, count: Math.min(count, maxLines) }
      prepare()
    },
  }
}

/** Names of older archives may hold what a new one may not. */
function printablePage(page: RunTablePage): RunTablePage {
  const lines = page.page.map((line): TableLine => {
    if (line.kind === 'group') return { ...line, name: printable(line.name) }
    const { group } = line
    return {
      ...line,
      run: printableRun(line.run),
      ...(group && { group: { ...group, name: printable(group.name) } }),
    }
  })
  return { ...page, page: lines }
}
