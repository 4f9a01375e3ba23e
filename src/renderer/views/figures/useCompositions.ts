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
import {
  deleteFigure,
  keepFigure,
  onFigureChange,
  putOnTable,
  readFigures,
  sendFigures,
  type FigureChange,
} from '../../pictures/keptFigures.ts'
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

/** Made where there is no other figure: it is not kept before something is done to it. */
const blanks = new WeakSet<Composition>()

/** On the table that is shown now, where there is one. */
let shownTable: {
  restore: Compositions['restore']
  change: (id: string, change: (now: Composition) => Composition) => void
} | null = null

/** Puts a figure as it was among the others, also once the view has gone that it was changed or deleted in. */
export function restoreFigure(composition: Composition): void {
  if (shownTable) return shownTable.restore(composition)
  keepFigure(composition)
  putOnTable(composition.id)
}

/** Changes a figure, if it is there, also once the view has gone. */
export function changeFigure(id: string, change: (now: Composition) => Composition): void {
  if (shownTable) return shownTable.change(id, change)
  const now = readFigures().find((each) => each.id === id)
  if (now) keepFigure(change(now))
}

function changedIn(figures: readonly Composition[], id: string, change: (now: Composition) => Composition) {
  return figures.map((each) => (each.id === id ? change(each) : each))
}

/** In its place, or as the first. */
function withFigure(figures: readonly Composition[], figure: Composition): readonly Composition[] {
  if (!figures.some(({ id }) => id === figure.id)) return [figure, ...figures]
  return figures.map((each) => (each.id === figure.id ? figure : each))
}

/** With the one on the table where it is among them. */
function tableOf(given: readonly Composition[], current?: string): Table {
  const figures = given.length > 0 ? given : [blankFigure()]
  return { figures, current: figures.some(({ id }) => id === current) ? current! : figures[0]!.id }
}

function blankFigure(): Composition {
  const blank = createComposition('Figure 1')
  blanks.add(blank)
  return blank
}

/** The same with what another page has made of a figure; what this one had made of it is the figure `mine` then. */
function withChange({ figures, current }: Table, { id, figure, mine }: FigureChange): Table {
  const found = figures.find((each) => each.id === id)
  const own = mine && found ? [{ ...found, id: mine.id, name: mine.name }] : []
  const next = [...own, ...(figure ? [figure] : [])]
  const others = figures.filter((each) => !blanks.has(each) || each.id === current)
  const all = found ? others.flatMap((each) => (each === found ? next : [each])) : [...next, ...others]
  return tableOf(all, mine && current === id ? mine.id : current)
}

function hasSameFigures({ figures }: Table, other: Table): boolean {
  return figures.length === other.figures.length && figures.every((figure, place) => figure === other.figures[place])
}

/** All figures, one of them on the table; what is changed of them here can be undone. */
export function useCompositions(): Compositions {
  const table = shallowRef<Table>(tableOf(readFigures()))
  const past = shallowRef<readonly Table[]>([])
  const future = shallowRef<readonly Table[]>([])
  /** The text that the last change was of: while one writes, all of it is one change. */
  let written: string | null = null
  watch(table, keepTable, { flush: 'sync' })
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

  /** What is another than before; what another page did is kept already. */
  function keepTable(now: Table, before: Table) {
    const figures = now.figures.filter((each) => !blanks.has(each))
    for (const figure of figures) if (!before.figures.includes(figure)) keepFigure(figure)
    for (const { id } of before.figures) if (!figures.some((each) => each.id === id)) deleteFigure(id)
  }

  /** What is undone of this page leaves alone what others did. */
  function takeChange(change: FigureChange) {
    const isBlank = table.value.figures.every((each) => blanks.has(each))
    const now = isBlank ? tableOf(readFigures()) : withChange(table.value, change)
    const without = (tables: readonly Table[]) =>
      tables
        .map((each) => withChange(each, change))
        .filter((each, place, all) => !hasSameFigures(each, all[place + 1] ?? now))
    const { id } = figure.value
    table.value = now
    past.value = without(past.value)
    future.value = without(future.value)
    if (figure.value.id !== (change.mine && change.id === id ? change.mine.id : id)) selected.value = null
    keepSelection()
  }

  function keepSelection() {
    if (selected.value !== null && selected.value >= figure.value.panels.length) selected.value = null
  }

  /** What is done here, not elsewhere, says which figure panels from other views go into. */
  function show(next: Table) {
    table.value = next
    if (!blanks.has(figure.value)) putOnTable(next.current)
  }

  function alter(next: Table, text: string | null = null) {
    if (text === null || text !== written) past.value = [...past.value, table.value].slice(-maxSteps)
    written = text
    future.value = []
    show(next)
  }

  /** Takes the last of one list of tables, and puts that of now on the other. */
  function step(from: typeof past, to: typeof past) {
    const next = from.value.at(-1)
    if (!next) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, table.value]
    written = null
    show(next)
    keepSelection()
  }

  function open(id: string) {
    show(tableOf(table.value.figures, id))
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
  const unfollow = onFigureChange(takeChange)
  if (getCurrentScope())
    onScopeDispose(() => {
      unfollow()
      if (shownTable === own) shownTable = null
      void sendFigures()
    })

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
      alter(tableOf(rest))
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
