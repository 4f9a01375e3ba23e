import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { PanelChoice } from '../../../shared/figures/composition.ts'
import { loadPanel, nameOfSource, runsBehind, type PanelSource } from '../../../shared/figures/sources/sources.ts'
import type { Panel } from '../../../shared/panel.ts'
import { useRested } from '../../composables/useRested.ts'
import { useSweepReading } from '../../composables/useSweepReading.ts'
import { onTouched } from '../../composables/useTouched.ts'
import { generation, on, request } from '../../lab.ts'

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

/** What a source came to; of a map of a sweep also how far the sweep was before. */
type Loaded = { progress: string | null } & ({ panel: Panel; runIds: readonly string[] } | { failure: string })

/** The least time between two reads of what goes on, in milliseconds. */
const rest = 2000

/** The data of a figure's panels, read once for each source while it is in the figure, and again when what it is drawn from has gone on. */
export function usePanels(choices: () => readonly PanelChoice[]): LoadedPanels {
  const loaded = shallowRef<ReadonlyMap<string, Loaded>>(new Map())
  const keyOf = ({ source }: PanelChoice) => JSON.stringify(source)
  const byKey = computed(() => new Map(choices().map((choice) => [keyOf(choice), choice])))
  /** Sources that are being read, and whether they are to be read again then: what takes long is asked for once at a time. */
  const reading = new Map<string, { again: boolean }>()
  /** Sources that have gone on and are to be read again. */
  const stale = new Set<string>()

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
    if (!byKey.value.has(key)) return
    loaded.value = new Map(loaded.value).set(key, found)
    if (turn.again) await read(choice)
  }
  function readThose(isNeeded: (key: string) => boolean): void {
    for (const [key, choice] of byKey.value) if (isNeeded(key)) void read(choice)
  }
  const readStale = useRested(rest, () => {
    readThose((key) => stale.has(key))
    stale.clear()
  })
  function outdate(isConcerned: (key: string, source: PanelSource) => boolean): void {
    for (const [key, { source }] of byKey.value) if (isConcerned(key, source)) stale.add(key)
    if (stale.size > 0) readStale()
  }
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

  watch(generation, () => readThose(() => true))
  onTouched((runIds) => {
    const touched = runIds && new Set(runIds)
    outdate((key) => {
      const known = loaded.value.get(key)
      // What is being read may be of before; what failed may be there again.
      return !touched || !known || 'failure' in known || known.runIds.some((id) => touched.has(id))
    })
  })
  // Which runs are the newest of a figure only the host knows; they may be those of another figure.
  onScopeDispose(on('paper.changed', () => outdate((_, { kind }) => kind === 'paper' || kind === 'claims')))
  // Another file may have been opened at the path that a panel names.
  onScopeDispose(
    on('archive.changed', () => outdate((_, source) => 'archive' in source && source.archive !== undefined)),
  )
  const sweeps = () => new Set(choices().flatMap(({ source }) => sweepOf(source) ?? []))
  const { answer: progress } = useSweepReading(
    async () => new Map(await Promise.all([...sweeps()].map(async (id) => [id, await progressOf(id)] as const))),
    (sweep) => sweeps().has(sweep),
  )
  watch(progress, (told) =>
    outdate((key, source) => {
      const [known, now] = [loaded.value.get(key), told?.get(sweepOf(source) ?? '') ?? null]
      return known !== undefined && now !== null && now !== known.progress
    }),
  )
  watch(
    byKey,
    (now, before) => {
      // Nothing is told here of what others come to: one that comes back is read anew.
      loaded.value = new Map([...loaded.value].filter(([key]) => now.has(key)))
      readThose((key) => !before?.has(key))
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

async function readPanel(source: PanelSource): Promise<Loaded> {
  const sweep = sweepOf(source)
  // Asked for first, so that what comes between makes a difference later.
  const progress = sweep === null ? null : await progressOf(sweep)
  try {
    const [panel, { runIds }] = await Promise.all([loadPanel(source, request), runsBehind(source, request)])
    return { progress, panel, runIds }
  } catch (error) {
    return { progress, failure: error instanceof Error ? error.message : String(error) }
  }
}

/** The sweep that a source is a map of: its runs are told of once they are collected, under ids that are new then. */
function sweepOf(source: PanelSource): string | null {
  return source.kind === 'sweepMap' ? source.sweep : null
}

/** Another text once runs of a sweep began, ended, were collected or were added; null where it cannot be read. */
async function progressOf(sweep: string): Promise<string | null> {
  try {
    const [{ collected, unfinished }, { revision, added }] = await Promise.all([
      request('sweep.show', { sweep }),
      request('sweep.runs', { sweep, after: Number.MAX_SAFE_INTEGER }),
    ])
    return [collected, unfinished, revision, ...added.map(({ run }) => run.id)].join()
  } catch {
    return null
  }
}
