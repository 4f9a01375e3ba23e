import { computed, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { RunSummary } from '../../../shared/run.ts'
import type { TableLine } from './arrangeRuns.ts'

/** Which runs are chosen, and the line the keyboard stands on. */
export function useSelection(lines: Ref<readonly TableLine[]>, runs: ComputedRef<readonly RunSummary[]>) {
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const cursor = shallowRef(-1)
  let anchor = -1

  // A run that a filter hides is not acted upon.
  const selected = computed(() => runs.value.filter(({ id }) => chosen.value.has(id)))

  function set(ids: readonly string[], on: boolean) {
    const next = new Set(chosen.value)
    for (const id of ids)
      if (on) next.add(id)
      else next.delete(id)
    chosen.value = next
  }

  return {
    chosen,
    selected,
    cursor,
    /** Chooses a line or lets it go; with `extend` all lines from the one before. */
    toggle(place: number, extend = false) {
      const line = lines.value[place]
      if (!line) return
      const from = extend && anchor >= 0 ? Math.min(anchor, place) : place
      const to = extend && anchor >= 0 ? Math.max(anchor, place) : place
      const on = extend ? true : stateOf(line, chosen.value) !== 'all'
      set(lines.value.slice(from, to + 1).flatMap(idsOf), on)
      anchor = place
      cursor.value = place
    },
    toggleAll() {
      const ids = runs.value.map(({ id }) => id)
      set(ids, !ids.every((id) => chosen.value.has(id)))
    },
    /** Stands on a line; the last one where there are fewer. */
    stand: (place: number) => (cursor.value = Math.min(place, lines.value.length - 1)),
    clear: () => (chosen.value = new Set()),
    move(distance: number) {
      const last = lines.value.length - 1
      cursor.value = Math.max(0, Math.min(last, cursor.value + distance))
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
