import {
  computed,
  getCurrentScope,
  onScopeDispose,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type WritableComputedRef,
} from 'vue'
import { createComposition, newId, type Composition } from '../../../shared/figures/composition.ts'
import type { PanelLook } from '../../../shared/figures/look.ts'
import type { PanelSource } from '../../../shared/figures/sources/sources.ts'
import { keepFigures, readFigures } from '../../pictures/keptFigures.ts'
import { changedText } from './changedText.ts'

export interface Compositions {
  all: Readonly<Ref<readonly Composition[]>>
  /** The one on the table. */
  figure: WritableComputedRef<Composition>
  selected: Ref<number | null>
  start: (name?: string) => void
  open: (id: string) => void
  remove: () => Composition
  restore: (composition: Composition) => void
  addPanel: (source: PanelSource, look?: PanelLook) => void
  movePanel: (place: number, by: number) => void
  removePanel: (place: number) => void
  canUndo: ComputedRef<boolean>
  canRedo: ComputedRef<boolean>
  undo: () => void
  redo: () => void
}

/** Figures, and the id of the one on the table. */
interface Table {
  figures: readonly Composition[]
  current: string
}

const maxSteps = 200

/** On the table that is shown now, where there is one. */
let shownTable: {
  restore: Compositions['restore']
  change: (id: string, change: (now: Composition) => Composition) => void
} | null = null

/** Puts a figure as it was among those that this browser keeps, also once the view has gone that it was changed or deleted in. */
export function restoreFigure(composition: Composition): void {
  if (shownTable) shownTable.restore(composition)
  else keepFigures(withFigure(readFigures(), composition))
}

/** Changes a figure among those that this browser keeps, if it is there, also once the view has gone. */
export function changeFigure(id: string, change: (now: Composition) => Composition): void {
  if (shownTable) shownTable.change(id, change)
  else keepFigures(changedIn(readFigures(), id, change))
}

function changedIn(figures: readonly Composition[], id: string, change: (now: Composition) => Composition) {
  return figures.map((each) => (each.id === id ? change(each) : each))
}

/** In its place, or as the first. */
function withFigure(figures: readonly Composition[], figure: Composition): readonly Composition[] {
  if (!figures.some(({ id }) => id === figure.id)) return [figure, ...figures]
  return figures.map((each) => (each.id === figure.id ? figure : each))
}

/** The one on the table before the others: from another view panels go into the first. */
function withFirst(figures: readonly Composition[], current: string): readonly Composition[] {
  return [...figures.filter(({ id }) => id === current), ...figures.filter(({ id }) => id !== current)]
}

/** The figures that this browser keeps, one of them on the table; what is changed of them can be undone. */
export function useCompositions(): Compositions {
  const kept = readFigures()
  const first = kept.length > 0 ? kept : [createComposition('Figure 1')]
  const table = shallowRef<Table>({ figures: first, current: first[0]!.id })
  const past = shallowRef<readonly Table[]>([])
  const future = shallowRef<readonly Table[]>([])
  /** The text that the last change was of: while one writes, all of it is one change. */
  let written: string | null = null
  watch(table, ({ figures, current }) => keepFigures(withFirst(figures, current)))
  const selected = ref<number | null>(null)
  const figure = computed({
    get: () => table.value.figures.find(({ id }) => id === table.value.current) ?? table.value.figures[0]!,
    set(next) {
      const { figures, current } = table.value
      const change = changedText(figure.value, next)
      alter({ figures: figures.map((each) => (each.id === next.id ? next : each)), current }, change)
    },
  })
  const setPanels = (panels: Composition['panels']) => (figure.value = { ...figure.value, panels })

  function alter(next: Table, text: string | null = null) {
    if (text === null || text !== written) past.value = [...past.value, table.value].slice(-maxSteps)
    written = text
    future.value = []
    table.value = next
  }

  /** Takes the last of one list of tables, and puts that of now on the other. */
  function step(from: typeof past, to: typeof past) {
    const next = from.value.at(-1)
    if (!next) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, table.value]
    written = null
    table.value = next
    if (selected.value !== null && selected.value >= figure.value.panels.length) selected.value = null
  }

  function open(id: string) {
    table.value = { ...table.value, current: id }
    written = null
    selected.value = null
  }

  function restore(composition: Composition) {
    alter({ figures: withFigure(table.value.figures, composition), current: composition.id })
    selected.value = null
  }

  const own = {
    restore,
    change(id: string, change: (now: Composition) => Composition) {
      const { figures } = table.value
      if (figures.some((each) => each.id === id)) alter({ ...table.value, figures: changedIn(figures, id, change) })
    },
  }
  shownTable = own
  if (getCurrentScope()) onScopeDispose(() => shownTable === own && (shownTable = null))

  return {
    all: computed(() => table.value.figures),
    figure,
    selected,
    open,
    restore,
    start: (name = `Figure ${table.value.figures.length + 1}`) => restore(createComposition(name)),
    remove() {
      const removed = figure.value
      const rest = table.value.figures.filter(({ id }) => id !== removed.id)
      const figures = rest.length > 0 ? rest : [createComposition('Figure 1')]
      alter({ figures, current: figures[0]!.id })
      selected.value = null
      return removed
    },
    addPanel(source, look) {
      setPanels([...figure.value.panels, { id: newId(), source, ...(look && { look }) }])
      selected.value = figure.value.panels.length - 1
    },
    movePanel(place, by) {
      const panels = [...figure.value.panels]
      const to = Math.max(0, Math.min(panels.length - 1, place + by))
      if (to === place) return
      const [moved] = panels.splice(place, 1)
      panels.splice(to, 0, moved!)
      setPanels(panels)
      selected.value = to
    },
    removePanel(place) {
      setPanels(figure.value.panels.filter((_, other) => other !== place))
      selected.value = null
    },
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    undo: () => step(past, future),
    redo: () => step(future, past),
  }
}
