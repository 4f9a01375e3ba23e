import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { PanelChoice } from '../../../shared/figures/composition.ts'
import { loadPanel, nameOfSource } from '../../../shared/figures/sources/sources.ts'
import type { Panel } from '../../../shared/panel.ts'
import { generation, request } from '../../lab.ts'

export interface LoadedPanels {
  /** In the order of the choices; null until its data are there. */
  panels: ComputedRef<(Panel | null)[]>
  failures: ShallowRef<ReadonlyMap<string, string>>
  /** Words for a panel in lists. */
  nameOf: (choice: PanelChoice) => string
}

/** The data of a figure's panels, read once for each source. */
export function usePanels(choices: () => readonly PanelChoice[]): LoadedPanels {
  const loaded = shallowRef<ReadonlyMap<string, Panel>>(new Map())
  const failures = shallowRef<ReadonlyMap<string, string>>(new Map())
  const keyOf = ({ source }: PanelChoice) => JSON.stringify(source)

  async function read(choice: PanelChoice) {
    const key = keyOf(choice)
    try {
      const panel = await loadPanel(choice.source, request)
      loaded.value = new Map(loaded.value).set(key, panel)
      const rest = new Map(failures.value)
      rest.delete(choice.id)
      failures.value = rest
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      failures.value = new Map(failures.value).set(choice.id, words)
    }
  }

  watch(generation, () => (loaded.value = new Map()))
  watch(
    () => choices().map(keyOf).join(),
    () => {
      for (const choice of choices()) if (!loaded.value.has(keyOf(choice))) void read(choice)
    },
    { immediate: true },
  )
  return {
    panels: computed(() => choices().map((choice) => loaded.value.get(keyOf(choice)) ?? null)),
    failures,
    nameOf: (choice) => nameOfSource(choice.source, loaded.value.get(keyOf(choice)) ?? null),
  }
}
