import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Collection, SweepDetail, SweepSummary } from '../../../shared/contract/sweeps.ts'
import { LabError, toErrorRecord } from '../../../shared/errors.ts'
import { quote } from '../../../shared/quote.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { changesOfCells } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { tryStep } from '../../../shared/tryStep.ts'
import type { Archive } from '../../store/archive.ts'
import { archiveKey, hasNewRound, openSweepFolder, planStamp, type SweepFolder } from '../../sweep/sweepFolder.ts'
import { sweptFacets } from '../../sweep/sweepRuns.ts'
import { beginClock, followSweep, type CollectedRuns, type FollowedSweep, type RevisionClock } from './followSweep.ts'
import { nextPace, secondsLeft, type SweepPace } from './sweepPace.ts'

/** A folder that the archive knows. */
export interface KnownFolder {
  id: string
  path: string
  /** Undefined where it cannot be read. */
  opened: { folder: SweepFolder; followed: FollowedSweep; stamp: string | undefined } | undefined
  /** Why computing it ended before it was complete. */
  problem: string | null
  /** Why what had ended then was not collected. */
  uncollected: string | null
  /** Undefined until it is looked at, and where computing has begun or ended since. */
  pace: SweepPace | undefined
  computing: { abort: AbortController; end: Promise<void> } | undefined
  collecting: { partial: boolean; end: Promise<Collection> } | undefined
  clock: RevisionClock
}

/** The folders of sweeps that an archive knows, and what they and the archive have of their runs. */
export interface KnownFolders {
  all(): KnownFolder[]
  add(path: string): KnownFolder
  /** Throws NOT_FOUND. */
  find(id: string): KnownFolder
  drop(id: string): void
  /** Throws where it cannot be read. */
  folderOf(entry: KnownFolder): NonNullable<KnownFolder['opened']>
  read(entry: KnownFolder): Promise<SweepDetail>
  summarize(entry: KnownFolder): Promise<SweepSummary>
  /** Runs of the archive that were added to cells, with the facets of these. */
  addedRuns(folder: SweepFolder, options?: { includeBinned?: boolean }): { cell: number; run: RunSummary }[]
}

/** What the contract calls the sweep in a folder. */
export function sweepId(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12)
}

export function knownFolders(archive: Archive): KnownFolders {
  const known = new Map<string, KnownFolder>()
  for (const { path } of archive.sweeps.list()) add(path)

  function add(path: string): KnownFolder {
    const id = sweepId(path)
    const entry = known.get(id) ?? {
      id,
      path,
      opened: undefined,
      problem: null,
      uncollected: null,
      pace: undefined,
      computing: undefined,
      collecting: undefined,
      clock: beginClock(),
    }
    known.set(id, entry)
    return entry
  }

  /** Of an archive that is only read another program writes the list; where it cannot be read now, what is known stays. */
  function lookAgain(): void {
    if (!archive.readOnly) return
    const listed = tryStep(
      () => archive.sweeps.list(),
      () => undefined,
    )
    if (!listed) return
    const paths = new Set(listed.map(({ path }) => path))
    for (const { id, path } of known.values()) if (!paths.has(path)) known.delete(id)
    paths.forEach(add)
  }

  function find(id: string): KnownFolder {
    lookAgain()
    const entry = known.get(id)
    if (!entry) throw new LabError('NOT_FOUND', `there is no sweep ${quote(id)}`)
    return entry
  }

  /** Its folder; what cannot be read now may be there again the next time, and be another. What is computed stays what it was begun as. */
  function folderOf(entry: KnownFolder): NonNullable<KnownFolder['opened']> {
    const stamp = planStamp(entry.path)
    if (entry.opened && entry.opened.stamp !== stamp && !entry.computing) {
      entry.opened = undefined
      entry.pace = undefined
      entry.problem = null
      entry.uncollected = null
    }
    if (!entry.opened || hasNewRound(entry.opened.folder)) {
      const folder = openSweepFolder(entry.path)
      const collected: CollectedRuns = (keys) => collectedRuns(archiveKey(folder), keys)
      entry.opened = { folder, followed: followSweep(folder, { clock: entry.clock, collected }), stamp }
    }
    return entry.opened
  }

  function collectedRuns(sweep: string, keys: readonly string[]): Map<string, RunSummary> {
    if (keys.length === 0) return new Map()
    const ids = archive.sweeps.runsOf(sweep)
    const runIds = keys.flatMap((key) => ids.get(key)?.id ?? [])
    const finished = archive.runs.summaries(runIds).filter(({ status }) => status === 'finished')
    const byId = new Map(finished.map((run) => [run.id, run]))
    return new Map(
      keys.flatMap((key) => {
        const run = byId.get(ids.get(key)?.id ?? '')
        return run ? [[key, run] as const] : []
      }),
    )
  }

  async function read(entry: KnownFolder): Promise<SweepDetail> {
    const { id, path } = entry
    try {
      const { folder, followed } = folderOf(entry)
      await followed.refresh()
      const { finished, failed, begun } = followed.counts()
      const { spec, keys, perTask } = folder
      const key = archiveKey(folder)
      const runs = keys.length
      const ended = finished + failed
      const isComputing = entry.computing !== undefined
      const time = performance.now() / 1000
      entry.pace = nextPace(entry.pace, { time, ended, grown: followed.grown(), isComputing })
      const seeds = seedsOf(spec).length
      return {
        id,
        path,
        name: spec.name,
        key,
        cells: runs / seeds,
        seeds,
        runs,
        finished,
        failed,
        begun,
        gpu: folder.gpu,
        state: isComputing ? 'computing' : ended === runs ? 'complete' : 'open',
        // Runs may have ended elsewhere since.
        problem: (ended === runs ? null : entry.problem) ?? entry.uncollected,
        secondsLeft: secondsLeft(entry.pace, { time, ended, runs }),
        ...countHeld(keys, archive.sweeps.runsOf(key)),
        isCollecting: entry.collecting !== undefined,
        spec,
        states: followed.states,
        tasks: Math.ceil(runs / perTask),
        refined: folder.cells.slice(changesOfCells(spec).length),
      }
    } catch (error) {
      if (!entry.computing) entry.opened = undefined
      const problem = toErrorRecord(error).message
      const none = {
        cells: 0,
        seeds: 0,
        runs: 0,
        finished: 0,
        failed: 0,
        begun: 0,
        gpu: null,
        collected: 0,
        unfinished: 0,
        isCollecting: false,
        tasks: 0,
      }
      const name = basename(path)
      return {
        ...{ id, path, name, key: '', ...none, state: 'unreadable', problem, secondsLeft: null },
        ...{ spec: null, states: new Uint8Array(), refined: [] },
      }
    }
  }

  function addedRuns(folder: SweepFolder, { includeBinned = false } = {}): { cell: number; run: RunSummary }[] {
    const cells = archive.sweeps.addedTo(archiveKey(folder))
    if (cells.size === 0) return []
    const facets = folder.cells.map(sweptFacets)
    return archive.runs.summaries([...cells.keys()]).flatMap((run) => {
      const cell = cells.get(run.id)!
      const own = facets[cell]
      return own && (includeBinned || run.binnedAt === null) ? [{ cell, run: { ...run, facets: own } }] : []
    })
  }

  async function summarize(entry: KnownFolder): Promise<SweepSummary> {
    const { spec: _, states: __, tasks: ___, refined: ____, ...summary } = await read(entry)
    return summary
  }

  return {
    all() {
      lookAgain()
      return [...known.values()]
    },
    drop: (id) => void known.delete(id),
    ...{ add, find, folderOf, read, summarize, addedRuns },
  }
}

function countHeld(keys: readonly string[], held: ReadonlyMap<string, { hasEnded: boolean }>) {
  const found = keys.flatMap((key) => held.get(key) ?? [])
  const collected = found.filter(({ hasEnded }) => hasEnded).length
  return { collected, unfinished: found.length - collected }
}
