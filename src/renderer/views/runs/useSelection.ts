import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { maxRunIds } from '../../../shared/contract/runs.ts'
import type { RequestInput } from '../../../shared/contract.ts'
import { LabError } from '../../../shared/errors.ts'
import type { LineKey, TableLine } from '../../../shared/query/runTable.ts'
import { quote } from '../../../shared/quote.ts'
import { request } from '../../lab.ts'
import { isSameKey, keyOfLine } from './lineKey.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import type { Kept, TableAnswer, TableQuestion } from './useTablePages.ts'

type Part = Pick<RequestInput<'run.ids'>, 'group' | 'lines'>

export interface SelectedTable {
  question: Ref<TableQuestion>
  answer: Ref<TableAnswer | null>
  /** The line of a number, where it is there. */
  lineAt: (place: number) => TableLine | undefined
}

/** What is chosen and where the keyboard stands, before there is a table. */
export function keepByHand(): Kept {
  return { chosen: shallowRef<ReadonlySet<string>>(new Set()), here: shallowRef<LineKey | null>(null) }
}

/**
 * Which runs are chosen, and the line the keyboard stands on. Both are kept by what a line shows, not by where it is:
 * runs arrive and change places while a person looks at them. Which runs lie in a group or between two lines is asked of
 * the host, since most lines are not on the page.
 */
export function useSelection({ chosen, here }: Kept, { question, answer, lineAt }: SelectedTable) {
  /** The group of each chosen run that is found. */
  const groups = shallowRef<ReadonlyMap<string, string>>(new Map())
  const cursor = shallowRef(-1)
  /** Changes when a person moves, not when the table does. */
  const moved = shallowRef({})
  let anchor: LineKey | null = null

  const found = computed(() => answer.value?.page.found ?? 0)
  /** A run that a filter hides is not acted upon. */
  const selected = computed(() => [...groups.value.keys()])
  const countIn = computed(() => {
    const counts = new Map<string, number>()
    for (const group of groups.value.values()) counts.set(group, (counts.get(group) ?? 0) + 1)
    return counts
  })

  watch(
    answer,
    (now, before) => {
      if (!now) return
      if (now.found) groups.value = groupsNow(now.found, now.question === before?.question)
      follow(now)
    },
    { flush: 'sync' },
  )

  /** What was chosen since it was asked for is found in the same table; whether in another is asked next. */
  function groupsNow({ of, ids }: NonNullable<TableAnswer['found']>, isSameTable: boolean) {
    const next = new Map<string, string>()
    for (const [place, id] of ids.runIds.entries()) if (chosen.value.has(id)) next.set(id, ids.groups[place]!)
    if (isSameTable) for (const [id, group] of groups.value) if (!of.has(id)) next.set(id, group)
    return next
  }

  /** Goes where the line has gone; where it is no longer shown, the one in its place. */
  function follow({ page, here: requested, at }: TableAnswer) {
    const place = isSameKey(requested, here.value) ? at : placeOf(here.value)
    if (here.value !== null && place !== null) cursor.value = place
    else standAt(Math.min(cursor.value, page.lines - 1), null)
  }

  function choose(ids: readonly string[], groupOf: (place: number) => string) {
    const next = new Set([...chosen.value, ...ids])
    if (next.size > maxRunIds) {
      const rule = `at most ${maxRunIds} runs can be selected at once; a filter makes them fewer`
      throw new LabError('INVALID_REQUEST', `selection: ${quote(next.size)} runs cannot be; ${rule}`)
    }
    chosen.value = next
    groups.value = new Map([...groups.value, ...ids.map((id, place) => [id, groupOf(place)] as const)])
  }

  function letGo(ids: readonly string[]) {
    const gone = new Set(ids)
    chosen.value = new Set([...chosen.value].filter((id) => !gone.has(id)))
    groups.value = new Map([...groups.value].filter(([id]) => !gone.has(id)))
  }

  /** Chooses runs of the table that are not all on the page; answers with how many those are. */
  async function chooseOf(part: Part): Promise<number> {
    const requested = question.value
    const { runIds, groups: of } = await request('run.ids', { ...requested.table, ...part })
    if (requested === question.value) choose(runIds, (place) => of[place]!)
    // Of another filter or order those are chosen that it shows; of another shelf none.
    else if (isSameShelf(requested, question.value)) return chooseOf(part)
    return runIds.length
  }

  function stateOf(line: TableLine): 'all' | 'some' | 'none' {
    if (line.kind === 'run') return chosen.value.has(line.run.id) ? 'all' : 'none'
    const count = countIn.value.get(line.key) ?? 0
    return count === 0 ? 'none' : count >= line.count ? 'all' : 'some'
  }

  async function toggleLine(line: TableLine, extend: boolean) {
    const isOn = !extend && stateOf(line) === 'all'
    if (line.kind === 'run') {
      if (isOn) letGo([line.run.id])
      else choose([line.run.id], () => line.group?.key ?? '')
    } else if (isOn) letGo(selected.value.filter((id) => groups.value.get(id) === line.key))
    else await chooseOf({ group: line.key })
  }

  /** Stands at a line's number; what it shows is known once it is on the page. */
  function standAt(place: number, key: LineKey | null) {
    cursor.value = place
    const line = lineAt(place)
    here.value = key ?? (line ? keyOfLine(line) : null)
  }

  /** Null where it is not on the page. */
  function placeOf(key: LineKey | null): number | null {
    const { from, page } = answer.value?.page ?? { from: 0, page: [] }
    const place = page.findIndex((line) => isSameKey(keyOfLine(line), key))
    return place < 0 ? null : from + place
  }

  return {
    chosen,
    selected,
    cursor,
    moved,
    stateOf,
    state: computed(() => {
      const count = groups.value.size
      return count === 0 ? 'none' : count >= found.value ? 'all' : 'some'
    }) as ComputedRef<'all' | 'some' | 'none'>,
    /** Chooses a line or lets it go; with `extend` all lines from the one before, as they stand now. */
    toggle(line: TableLine, extend = false) {
      const [key, before] = [keyOfLine(line), anchor]
      anchor = key
      standAt(placeOf(key) ?? cursor.value, key)
      return withFailureToast(async () => {
        const reached = extend && before !== null ? await chooseOf({ lines: { from: before, to: key } }) : 0
        if (reached === 0) await toggleLine(line, extend)
      })
    },
    toggleAll: () =>
      withFailureToast(async () => {
        if (groups.value.size > 0 && groups.value.size >= found.value) letGo(selected.value)
        else await chooseOf({})
      }),
    stand(line: TableLine) {
      const key = keyOfLine(line)
      standAt(placeOf(key) ?? cursor.value, key)
    },
    clear() {
      chosen.value = new Set()
      groups.value = new Map()
    },
    move(distance: number) {
      const last = (answer.value?.page.lines ?? 0) - 1
      standAt(Math.max(0, Math.min(last, cursor.value + distance)), null)
      moved.value = {}
    },
  }
}

function isSameShelf({ table: a }: TableQuestion, { table: b }: TableQuestion): boolean {
  return a.archive === b.archive && a.shelf === b.shelf
}
