import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { PanelChoice } from '../../../shared/figures/composition.ts'
import { loadPanel, nameOfSource, runsBehind } from '../../../shared/figures/sources/sources.ts'
import type { Panel } from '../../../shared/panel.ts'
import { useTouched } from '../../composables/useTouched.ts'
import { generation, request } from '../../lab.ts'

export interface LoadedPanels {
  /** In the order of the choices; null until its data are there. */
  panels: ComputedRef<(Panel | null)[]>
  failures: ShallowRef<ReadonlyMap<string, string>>
  /** The runs that the panels are made of, each once. */
  runs: ComputedRef<ReadonlySet<string>>
  /** Words for a panel in lists. */
  nameOf: (choice: PanelChoice) => string
}

interface LoadedPanel {
  panel: Panel
  runIds: readonly string[]
}

/** Runs that go on are read again no oftener. */
const rest = 2000

/** The data of a figure's panels, read once for each source, and again when its runs have gone on. */
export function usePanels(choices: () => readonly PanelChoice[]): LoadedPanels {
  const loaded = shallowRef<ReadonlyMap<string, LoadedPanel>>(new Map())
  const failures = shallowRef<ReadonlyMap<string, string>>(new Map())
  const keyOf = ({ source }: PanelChoice) => JSON.stringify(source)
  /** What was asked last of each source: an older answer is let go. */
  const asked = new Map<string, number>()

  async function read(choice: PanelChoice) {
    const key = keyOf(choice)
    const turn = (asked.get(key) ?? 0) + 1
    asked.set(key, turn)
    const found = await readPanel(choice.source).catch((error: unknown) => ({ error }))
    if (asked.get(key) !== turn) return
    const [panels, words] = [new Map(loaded.value), new Map(failures.value)]
    if ('error' in found) {
      panels.delete(key)
      words.set(choice.id, found.error instanceof Error ? found.error.message : String(found.error))
    } else {
      panels.set(key, found)
      words.delete(choice.id)
    }
    loaded.value = panels
    failures.value = words
  }
  const readAll = () => choices().forEach((choice) => void read(choice))

  watch(generation, readAll)
  useTouched(rest, readAll, (runIds) => runIds === null || runIds.some((id) => isBehind(id)))
  watch(
    () => choices().map(keyOf).join(),
    () => {
      for (const choice of choices()) if (!loaded.value.has(keyOf(choice))) void read(choice)
    },
    { immediate: true },
  )
  const runs = computed(() => new Set(choices().flatMap((choice) => loaded.value.get(keyOf(choice))?.runIds ?? [])))
  /** What failed may be there again. */
  const isBehind = (runId: string) => runs.value.has(runId) || failures.value.size > 0
  return {
    panels: computed(() => choices().map((choice) => loaded.value.get(keyOf(choice))?.panel ?? null)),
    failures,
    runs,
    nameOf: (choice) => nameOfSource(choice.source, loaded.value.get(keyOf(choice))?.panel ?? null),
  }
}

async function readPanel(source: PanelChoice['source']): Promise<LoadedPanel> {
  const [panel, { runIds }] = await Promise.all([loadPanel(source, request), runsBehind(source, request)])
  return { panel, runIds }
}
