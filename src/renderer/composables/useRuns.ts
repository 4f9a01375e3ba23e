import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { RunSummary } from '../../shared/run.ts'
import { printableRun } from '../formatting/printableRun.ts'
import { generation, on, request } from '../lab.ts'
import { oncePerFrame } from './oncePerFrame.ts'

export interface RunStore {
  /** Every run's summary, in the order the host lists them; a new array when any of them changes. */
  runs: ShallowRef<readonly RunSummary[]>
  /** Whether the list has been read; until then an empty list says nothing. */
  ready: ShallowRef<boolean>
  failure: ShallowRef<unknown>
  find: (runId: string) => RunSummary | undefined
  /** The runs of one experiment, by seed. */
  siblings: (experimentId: string) => RunSummary[]
  byExperiment: ComputedRef<ReadonlyMap<string, RunSummary[]>>
}

const stores = new Map<string | undefined, RunStore>()

/** Summaries of all runs of one's own archive, kept up to date by events, or of an archive opened beside it. */
export function useRuns(archive?: string): RunStore {
  const store = stores.get(archive) ?? createRunStore(archive)
  stores.set(archive, store)
  return store
}

function createRunStore(archive?: string): RunStore {
  const byId = new Map<string, RunSummary>()
  /** Runs that events told of since the list was asked for. */
  const changed = new Set<string>()
  const runs = shallowRef<readonly RunSummary[]>([])
  const ready = shallowRef(false)
  const failure = shallowRef<unknown>(null)
  const publish = oncePerFrame(() => (runs.value = [...byId.values()]))
  const byExperiment = computed(() => groupByExperiment(runs.value))

  async function read() {
    // Only what events tell while the list is on its way may be missing from it.
    changed.clear()
    try {
      const list = await request('run.listAll', archive === undefined ? {} : { archive })
      // What events told while the list was on its way is newer than the list.
      for (const run of list) if (!isNewer(byId.get(run.id), run)) byId.set(run.id, printableRun(run))
      const listed = new Set(list.map((run) => run.id))
      for (const id of byId.keys()) if (!listed.has(id) && !changed.has(id)) byId.delete(id)
      failure.value = null
      ready.value = true
      runs.value = [...byId.values()]
    } catch (error) {
      failure.value = error
    }
  }

  if (archive === undefined) {
    on('run.changed', (told) => {
      for (const run of told) {
        byId.set(run.id, printableRun(run))
        changed.add(run.id)
      }
      publish()
    })
    on('run.removed', ({ runIds }) => {
      for (const id of runIds) byId.delete(id)
      publish()
    })
    watch(generation, read)
  }
  void read()

  return {
    runs,
    ready,
    failure,
    byExperiment,
    find: (runId) => (runs.value, byId.get(runId)),
    siblings: (experimentId) => byExperiment.value.get(experimentId) ?? [],
  }
}

function isNewer(known: RunSummary | undefined, listed: RunSummary): boolean {
  return known !== undefined && known.sequence > listed.sequence
}

function groupByExperiment(runs: readonly RunSummary[]): ReadonlyMap<string, RunSummary[]> {
  const groups = new Map<string, RunSummary[]>()
  for (const run of runs) {
    const group = groups.get(run.experimentId)
    if (group) group.push(run)
    else groups.set(run.experimentId, [run])
  }
  for (const group of groups.values()) group.sort((a, b) => a.seed - b.seed)
  return groups
}
