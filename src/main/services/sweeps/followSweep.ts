import { statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sweepRunStates, type SweepRunState } from '../../../shared/contract/sweeps.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { Facets } from '../../../shared/specification/facets.ts'
import { fieldsOf, seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { readOrExplain } from '../../files/fileFailures.ts'
import type { SweepFolder } from '../../sweep/sweepFolder.ts'
import { listJournals, readState } from '../../sweep/sweepJournals.ts'
import { runReader, sweptFacets } from '../../sweep/sweepRuns.ts'

/** What has become of the runs of a sweep, whoever computes them. */
export interface FollowedSweep {
  /** Of each run its place in `sweepRunStates`. */
  readonly states: Uint8Array
  counts(): Record<SweepRunState, number>
  /** The places of those that have not ended. */
  open(): number[]
  /** How often journals were found to have grown. */
  grown(): number
  /** Reads the journals that have grown since; what has ended is not read again. */
  refresh(): Promise<void>
  /** The runs that have begun or ended since an earlier reading, of all of them with 0, as lists have them; reading goes on by its `revision`. */
  readRuns(after: number): Promise<SweepReading>
}

export interface SweepReading {
  revision: number
  runs: { place: number; run: RunSummary }[]
}

/** Goes on when a folder is opened anew, so that whoever read it before is told of the cells that were added. */
export interface RevisionClock {
  revision: number
}

/** Begins beyond wherever an earlier one came to, also of a host before this: nothing changes as often as every microsecond. */
export function beginClock(): RevisionClock {
  return { revision: Math.ceil(1000 * (performance.timeOrigin + performance.now())) }
}

const placeOf = Object.fromEntries(sweepRunStates.map((state, place) => [state, place])) as Record<
  SweepRunState,
  number
>
const readsInOneTurn = 20

/** The finished runs that an archive has taken, by some of their keys: what they told need not be read in their journals again. */
export type CollectedRuns = (keys: readonly string[]) => ReadonlyMap<string, RunSummary>

export function followSweep(
  sweep: SweepFolder,
  { clock = { revision: 0 }, collected = () => new Map() }: { clock?: RevisionClock; collected?: CollectedRuns } = {},
): FollowedSweep {
  const states = new Uint8Array(sweep.keys.length)
  /** The journals of a run when they were last read, and their bytes. */
  const pathsRead = new Map<number, readonly string[]>()
  const bytesRead = new Map<number, number>()
  /** When the state of each was another last. */
  const revisions = new Float64Array(sweep.keys.length).fill(++clock.revision)
  const summaries = new Map<number, { revision: number; run: RunSummary }>()
  const swept = sweep.spec.axes.flatMap(fieldsOf)
  const seeds = seedsOf(sweep.spec).length
  const cells = sweep.cells.map(sweptFacets)
  let grown = 0
  let readOne: ReturnType<typeof runReader> | undefined
  let refreshing: Promise<void> | undefined

  async function read(): Promise<void> {
    const journals = listJournals(sweep)
    let reads = 0
    for (const [place, key] of sweep.keys.entries()) {
      if (states[place]! >= placeOf.finished) continue
      const paths = journals.get(key)
      if (!paths) continue
      const bytes = paths.reduce((sum, path) => sum + readOrExplain(path, sizeOf), 0)
      if (bytes === bytesRead.get(place)) continue
      const { hasBegun, end } = readState(sweep, key, paths)
      grown += 1
      // What could not be read is read the next time.
      bytesRead.set(place, bytes)
      pathsRead.set(place, paths)
      const endState = end?.status === 'finished' ? 'finished' : 'failed'
      const state = placeOf[end ? endState : hasBegun ? 'begun' : 'waiting']
      if (state !== states[place]) revisions[place] = ++clock.revision
      states[place] = state
      if (++reads % readsInOneTurn === 0) await nextTurn()
    }
  }

  function isKnown(place: number): boolean {
    return summaries.get(place)?.revision === revisions[place]
  }

  /** Of its facets those that tell cells apart. */
  function summaryOf(place: number, taken: ReadonlyMap<string, RunSummary>): RunSummary {
    if (isKnown(place)) return summaries.get(place)!.run
    readOne ??= runReader(sweep)
    const key = sweep.keys[place]!
    const own = states[place] === placeOf.finished ? taken.get(key) : undefined
    const of = { experimentId: sweep.key, experiment: sweep.spec.name }
    const run = own ? { ...own, id: key, ...of } : readOne(place, pathsRead.get(place))
    const all = { ...run.facets, ...cells[Math.floor(place / seeds)] }
    const facets = Object.fromEntries(Object.entries(all).filter(([field]) => swept.includes(field))) as Facets
    const summary = { ...run, facets }
    summaries.set(place, { revision: revisions[place]!, run: summary })
    return summary
  }

  return {
    states,
    counts() {
      const counts = [0, 0, 0, 0]
      for (const state of states) counts[state]! += 1
      return Object.fromEntries(sweepRunStates.map((state, place) => [state, counts[place]!])) as Record<
        SweepRunState,
        number
      >
    },
    open: () => [...states.keys()].filter((place) => states[place]! < placeOf.finished),
    grown: () => grown,
    refresh() {
      refreshing ??= read().finally(() => (refreshing = undefined))
      return refreshing
    },
    async readRuns(after) {
      await this.refresh()
      const reading: SweepReading = { revision: clock.revision, runs: [] }
      const changed = [...revisions.keys()].filter((place) => revisions[place]! > after)
      const unknown = changed.filter((place) => !isKnown(place))
      const taken = collected(unknown.map((place) => sweep.keys[place]!))
      for (const place of changed) {
        reading.runs.push({ place, run: summaryOf(place, taken) })
        if (reading.runs.length % readsInOneTurn === 0) await nextTurn()
      }
      return reading
    },
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0
