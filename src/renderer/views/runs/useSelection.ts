import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { RunSummary } from '../../../shared/run.ts'
import { keyOfLine, type TableLine } from './arrangeRuns.ts'

/**
 * Which runs are chosen, and the line the keyboard stands on. Both are kept by what a line shows, not by where it is:
 * runs arrive and change places while a person looks at them.
 */
export function useSelection(lines: Ref<readonly TableLine[]>, runs: ComputedRef<readonly RunSummary[]>) {
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const cursor = shallowRef(-1)
  /** The line at the cursor; it changes when a person moves, not when the table does. */
  const here = shallowRef<string | null>(null)
  let anchor: string | null = null

  // A run that a filter hides is not acted upon.
  const selected = computed(() => runs.value.filter(({ id }) => chosen.value.has(id)))
  const placeOf = (key: string | null) => lines.value.findIndex((line) => keyOfLine(line) === key)
  watch(lines, follow)

  function set(ids: readonly string[], on: boolean) {
    const next = new Set(chosen.value)
    for (const id of ids)
      if (on) next.add(id)
      else next.delete(id)
    chosen.value = next
  }

  function standAt(place: number) {
    cursor.value = Math.min(place, lines.value.length - 1)
    const line = lines.value[cursor.value]
    here.value = line ? keyOfLine(line) : null
  }

  /** Goes where the line has gone; where it is no longer shown, the one in its place. */
  function follow() {
    const place = placeOf(here.value)
    standAt(place >= 0 ? place : cursor.value)
  }

  return {
    chosen,
    selected,
    cursor,
    here,
    /** Chooses a line or lets it go; with `extend` all lines from the one before. */
    toggle(line: TableLine, extend = false) {
      const [place, before] = [placeOf(keyOfLine(line)), placeOf(anchor)]
      if (extend && place >= 0 && before >= 0) {
        set(lines.value.slice(Math.min(before, place), Math.max(before, place) + 1).flatMap(idsOf), true)
      } else {
        set(idsOf(line), extend || stateOf(line, chosen.value) !== 'all')
      }
      anchor = keyOfLine(line)
      standAt(place)
    },
    toggleAll() {
      const ids = runs.value.map(({ id }) => id)
      set(ids, !ids.every((id) => chosen.value.has(id)))
    },
    stand: (line: TableLine) => standAt(placeOf(keyOfLine(line))),
    clear: () => (chosen.value = new Set()),
    move(distance: number) {
      standAt(Math.max(0, Math.min(lines.value.length - 1, cursor.value + distance)))
    },
  }
}

export type Selection = ReturnType<typeof useSelection>

export function stateOf(line: TableLine, chosen: ReadonlySet<string>): 'all' | 'some' | 'none' {
  const ids = idsOf(line)
  const count = ids.reduce((sum, id) => sum + Number(chosen.has(id)), 0)
  return count === 0 ? 'none' : count === ids.length ? 'all' : 'some'
}

function idsOf(line: TableLine): string[] {
  return line.kind === 'run' ? [line.run.id] : line.runs.map(({ id }) => id)
}
