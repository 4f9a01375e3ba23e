import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { PanelChoice } from '../../../shared/figures/composition.ts'
import { loadPanel, nameOfSource, runsBehind } from '../../../shared/figures/sources/sources.ts'
import type { Panel } from '../../../shared/panel.ts'
import { useTouched } from '../../composables/useTouched.ts'
import { generation, request } from '../../lab.ts'

export interface LoadedPanels {
  /** In the order of the choices; null until its data are there. */
  panels: ComputedRef<(Panel | null)[]>
  /** Their places among the choices, of those whose data are on their way. */
  waiting: ComputedRef<number[]>
  /** Why there are none, by the id of the choice. */
  failures: ComputedRef<ReadonlyMap<string, string>>
  /** The runs that the panels are made of, each once. */
  runs: ComputedRef<ReadonlySet<string>>
  /** Words for a panel in lists. */
  nameOf: (choice: PanelChoice) => string
}

type Loaded = { panel: Panel; runIds: readonly string[] } | { failure: string }

/** Runs that go on are read again no oftener. */
const rest = 2000

/** The data of a figure's panels, read once for each source, and again when its runs have gone on. */
export function usePanels(choices: () => readonly PanelChoice[]): LoadedPanels {
  const loaded = shallowRef<ReadonlyMap<string, Loaded>>(new Map())
  const keyOf = ({ source }: PanelChoice) => JSON.stringify(source)
  /** Sources that are being read, and whether they are to be read again then: what takes long is asked for once at a time. */
  const reading = new Map<string, { again: boolean }>()

  async function read(choice: PanelChoice): Promise<void> {
    const key = keyOf(choice)
    const running = reading.get(key)
    if (running) {
      running.again = true
      return
    }
    const turn = { again: false }
    reading.set(key, turn)
    const found = await readPanel(choice.source)
    reading.delete(key)
    loaded.value = new Map(loaded.value).set(key, found)
    if (turn.again && choices().some((each) => keyOf(each) === key)) await read(choice)
  }
  const readAll = () =>
    new Map(choices().map((choice) => [keyOf(choice), choice])).forEach((choice) => void read(choice))
  const panelOf = (choice: PanelChoice): Panel | null => {
    const known = loaded.value.get(keyOf(choice))
    return known && 'panel' in known ? known.panel : null
  }
  const failures = computed(
    () =>
      new Map(
        choices().flatMap((choice) => {
          const known = loaded.value.get(keyOf(choice))
          return known && 'failure' in known ? [[choice.id, known.failure] as const] : []
        }),
      ),
  )
  const runs = computed(
    () =>
      new Set(
        choices().flatMap((choice) => {
          const known = loaded.value.get(keyOf(choice))
          return known && 'runIds' in known ? known.runIds : []
        }),
      ),
  )

  watch(generation, readAll)
  // What failed may be there again.
  useTouched(rest, readAll, (ids) => ids === null || failures.value.size > 0 || ids.some((id) => runs.value.has(id)))
  watch(
    () => choices().map(keyOf).join(),
    () => {
      for (const choice of choices()) {
        const key = keyOf(choice)
        if (!loaded.value.has(key) && !reading.has(key)) void read(choice)
      }
    },
    { immediate: true },
  )
  return {
    panels: computed(() => choices().map(panelOf)),
    waiting: computed(() => choices().flatMap((choice, place) => (loaded.value.has(keyOf(choice)) ? [] : [place]))),
    failures,
    runs,
    nameOf: (choice) => nameOfSource(choice.source, panelOf(choice)),
  }
}

async function readPanel(source: PanelChoice['source']): Promise<Loaded> {
  try {
    const [panel, { runIds }] = await Promise.all([loadPanel(source, request), runsBehind(source, request)])
    return { panel, runIds }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}
