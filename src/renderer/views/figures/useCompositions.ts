import { computed, ref, watch, type Ref, type WritableComputedRef } from 'vue'
import { createComposition, newId, type Composition } from '../../../shared/figures/composition.ts'
import type { PanelSource } from '../../../shared/figures/sources/sources.ts'
import { keepFigures, readFigures } from '../../pictures/keptFigures.ts'

export interface Compositions {
  all: Ref<Composition[]>
  /** The one on the table. */
  figure: WritableComputedRef<Composition>
  selected: Ref<number | null>
  start: (name?: string) => void
  open: (id: string) => void
  remove: () => Composition
  restore: (composition: Composition) => void
  addPanel: (source: PanelSource) => void
  movePanel: (place: number, by: number) => void
  removePanel: (place: number) => void
}

/** The figures that this browser keeps, one of them on the table. */
export function useCompositions(): Compositions {
  const all = ref(readFigures())
  watch(all, keepFigures, { deep: true })
  if (all.value.length === 0) all.value = [createComposition('Figure 1')]
  const current = ref(all.value[0]!.id)
  const selected = ref<number | null>(null)
  const figure = computed({
    get: () => all.value.find(({ id }) => id === current.value) ?? all.value[0]!,
    set: (next) => (all.value = all.value.map((each) => (each.id === next.id ? next : each))),
  })
  const setPanels = (panels: Composition['panels']) => (figure.value = { ...figure.value, panels })

  function open(id: string) {
    current.value = id
    selected.value = null
  }

  function restore(composition: Composition) {
    all.value = [composition, ...all.value.filter(({ id }) => id !== composition.id)]
    open(composition.id)
  }

  return {
    all,
    figure,
    selected,
    open,
    restore,
    start: (name = `Figure ${all.value.length + 1}`) => restore(createComposition(name)),
    remove() {
      const removed = figure.value
      const rest = all.value.filter(({ id }) => id !== removed.id)
      all.value = rest.length > 0 ? rest : [createComposition('Figure 1')]
      open(all.value[0]!.id)
      return removed
    },
    addPanel(source) {
      setPanels([...figure.value.panels, { id: newId(), source }])
      selected.value = figure.value.panels.length - 1
    },
    movePanel(place, by) {
      const panels = [...figure.value.panels]
      const [moved] = panels.splice(place, 1)
      panels.splice(place + by, 0, moved!)
      setPanels(panels)
      selected.value = place + by
    },
    removePanel(place) {
      setPanels(figure.value.panels.filter((_, other) => other !== place))
      selected.value = null
    },
  }
}
