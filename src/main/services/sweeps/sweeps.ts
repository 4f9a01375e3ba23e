import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Responses } from '../../../shared/contract.ts'
import type { Submission } from '../../../shared/contract/experiments.ts'
import type { Collection, SweepDetail, SweepRun, SweepSummary } from '../../../shared/contract/sweeps.ts'
import { LabError, toErrorRecord } from '../../../shared/errors.ts'
import { toRunSpec } from '../../../shared/experiment.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { describeSeedless, isSeedless } from '../../../shared/seedlessRuns.ts'
import type { Change } from '../../../shared/specification/paths.ts'
import { planCell } from '../../../shared/sweep/planSweep.ts'
import { planeOf, seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import type { Dataset } from '../../../shared/tasks/dataset.ts'
import { tryStep } from '../../../shared/tryStep.ts'
import { version } from '../../../shared/version.ts'
import type { MapOptions, RoundOptions } from '../../../shared/map/mapOptions.ts'
import type { MapPanel } from '../../../shared/panel.ts'
import type { Caller } from '../../engine/host/caller.ts'
import type { StartWorker } from '../../engine/host/workerProcess.ts'
import type { Archive } from '../../store/archive.ts'
import {
  addRound,
  archiveKey,
  namedFolder,
  openSweepFolder,
  prepareSweepFolder,
  requireArithmetic,
  requireSameVersion,
  type SweepFolder,
} from '../../sweep/sweepFolder.ts'
import { planInSteps, type SweepPlan } from '../../sweep/sweepPlan.ts'
import { listJournals, sweepArithmetic } from '../../sweep/sweepJournals.ts'
import { dataHashOf, readSweepDataset } from '../../sweep/sweepDataset.ts'
import { readSweepStarts } from '../../sweep/sweepStarts.ts'
import type { Broadcast } from '../broadcastEvents.ts'
import type { ExperimentService } from '../experiments.ts'
import { givenPath } from '../givenPath.ts'
import { inTurns } from '../inTurns.ts'
import type { Log } from '../logToStandardError.ts'
import { requireMemory, runsAtOnce } from '../requireMemory.ts'
import { collectInto, nameOfCell, type CollectOptions } from './collectSweep.ts'
import { describeAdded, describeProblems, describeRun, forecastOf, forecastOfRound } from './describeSweep.ts'
import { knownFolders, type KnownFolder } from './knownFolders.ts'
import { planRound, type PlannedRound } from './planRound.ts'
import { runSweepHere } from './runSweepHere.ts'
import { taskProgram } from './taskProgram.ts'
import { yieldingWorkers } from './yieldingWorkers.ts'

export interface SweepServiceOptions {
  archive: Archive
  startWorker: StartWorker
  caller: Caller
  submit: ExperimentService['submit']
  completeSweep: ExperimentService['completeSweep']
  broadcast: Broadcast
  slots: number
  /** One of them is not computed or collected any more. */
  onEnded: () => void
  log: Log
}

/** The sweeps that an archive knows: their folders are the truth, and this host computes those that it is asked to. */
export interface SweepService {
  plan(spec: unknown): Promise<Responses['sweep.plan']>
  /**
   * `fill` writes journals of what is known of its runs before any is computed; `gpu` is what computed them, where WebAssembly
   * did not: what is missing then is left to the terminal.
   */
  create(given: {
    spec: unknown
    folder?: string | undefined
    computes: boolean
    gpu?: string | null
    fill?: (folder: SweepFolder) => Promise<void>
  }): Promise<Responses['sweep.create']>
  open(path: string): Promise<SweepSummary>
  list(): Promise<SweepSummary[]>
  show(id: string): Promise<SweepDetail>
  cell(id: string, cell: number): SweepRun[]
  readRuns(id: string, after: number): Promise<Responses['sweep.runs']>
  addSeeds(id: string, cell: number, count: number): Promise<Submission>
  map(id: string, options: MapOptions): Promise<MapPanel[]>
  planRound(id: string, options: RoundOptions): Promise<Responses['sweep.planRound']>
  refine(id: string, options: RoundOptions, round: number): Promise<SweepSummary>
  runIds(id: string, places: readonly number[]): string[]
  run(id: string): Promise<void>
  /** Resolves when what it computed is saved. */
  pause(id: string): Promise<void>
  collect(id: string, options: CollectOptions): Promise<Collection>
  forget(id: string): Promise<void>
  /** Goes on with those that were computed when the host ended. */
  resume(): void
  /** Runs of sweeps that this host has yet to compute; at least one for each sweep that it computes or collects. */
  openRuns(): number
  /** Runs that have not ended of the sweeps that it computes. */
  computedRuns(): number
  /** Saves what is computed; a host that is opened again goes on with it. */
  close(): Promise<void>
}

const shortestInterval = 500
const collectedInOneTurn = 20

export function createSweepService(options: SweepServiceOptions): SweepService {
  const { archive, broadcast, slots } = options
  const startWorker = yieldingWorkers(options.startWorker)
  const folders = knownFolders(archive)
  const { add, find, folderOf, read, summarize, addedRuns } = folders
  const told = new Map<string, NodeJS.Timeout>()
  let isClosing = false

  function tell({ id, computing }: KnownFolder): void {
    broadcast('sweep.changed', { sweep: id, isComputing: computing !== undefined })
  }

  /** What changes with every run is told now and then. */
  function changed(entry: KnownFolder): void {
    if (told.has(entry.id) || isClosing) return
    const later = () => {
      told.delete(entry.id)
      tell(entry)
    }
    told.set(entry.id, setTimeout(later, shortestInterval).unref())
  }

  /** By the runs of its folder alone, as a terminal finds it. */
  async function planned(entry: KnownFolder, asked: RoundOptions): Promise<PlannedRound> {
    const { folder, followed } = folderOf(entry)
    const { runs } = await followed.readRuns(0)
    return planRound(
      folder,
      runs.map(({ run }) => run),
      asked,
      options.caller,
    )
  }

  function remember(path: string, computes: boolean): void {
    archive.sweeps.set({ path, computes })
  }

  /** One that is known stays as it is: what is computed or collected goes on, also in the next host. */
  function know(path: string): void {
    if (!archive.sweeps.list().some((each) => each.path === path)) remember(path, false)
  }

  /** Refuses what this machine or this version cannot compute, then computes what is missing. */
  async function begin(entry: KnownFolder, plan?: SweepPlan): Promise<void> {
    if (entry.computing) throw new LabError('CONFLICT', `${entry.path} is being computed already`)
    const { folder } = folderOf(entry)
    requireSameVersion(folder)
    requireArithmetic(folder, null)
    const { cells } = plan ?? (await inTurns(planInSteps(folder.spec)))
    requireMemory(
      cells.map(({ spec }) => spec),
      { atOnce: runsAtOnce(slots, { kind: 'wasm' }) },
    )
    // It may have been forgotten, or begun by another request, while that was planned.
    if (isClosing || entry.computing || !folders.all().includes(entry)) return
    remember(entry.path, true)
    compute(entry)
  }

  let addedBefore: Promise<unknown> = Promise.resolve()

  async function addSeeds(entry: KnownFolder, cell: number, count: number): Promise<Submission> {
    const { folder } = folderOf(entry)
    const changes = requireCell(folder, cell)
    if (folder.gpu !== null) {
      const way = 'plan the sweep with more seeds, into another folder'
      throw new LabError(
        'CONFLICT',
        `cell ${cell} is computed on ${folder.gpu}, by which the archive computes no seeds; ${way}`,
      )
    }
    const { spec } = planCell(folder.spec, changes)
    // What is in the bin may be restored.
    const all = addedRuns(folder, { includeBinned: true })
    const added = all.flatMap((each) => (each.cell === cell ? each.run.seed : []))
    const next = Math.max(...spec.seeds, ...added) + 1
    const seeds = Array.from({ length: count }, (_, place) => next + place)
    const start = readSweepStarts(folder)(toRunSpec(spec, seeds[0]!))
    if (start && !('study' in spec) && isSeedless(spec, start)) {
      throw new LabError('CONFLICT', `cell ${cell} needs no more seeds: ${describeSeedless(seeds.length)}`)
    }
    const tag = `sweep:${archiveKey(folder)}`
    const named = { ...spec, name: nameOfCell(folder.spec.name, changes), seeds }
    // The folder has the samples, wherever their file was; the archive may not have them yet.
    const dataset = readSweepDataset(folder)
    if (dataset) archive.datasets.store(dataset)
    return options.submit(named, {
      tags: [tag, `${tag}:${cell}`],
      backend: sweepArithmetic.kind,
      start,
      dataset,
    })
  }

  function compute(entry: KnownFolder): void {
    const abort = new AbortController()
    entry.problem = null
    entry.uncollected = null
    entry.pace = undefined
    entry.computing = {
      abort,
      end: untilEnd(entry, abort.signal).catch((error: unknown) => options.log(inspect(error))),
    }
    tell(entry)
  }

  async function untilEnd(entry: KnownFolder, signal: AbortSignal): Promise<void> {
    try {
      const onProgress = () => changed(entry)
      const { folder, followed } = folderOf(entry)
      await followed.refresh()
      const { problems } = await runSweepHere(folder, { slots, startWorker, open: followed.open(), signal, onProgress })
      entry.problem = describeProblems(problems)
    } catch (error) {
      entry.problem = toErrorRecord(error).message
    }
    entry.computing = undefined
    entry.pace = undefined
    if (!signal.aborted) {
      await collectEnded(entry).catch((error: unknown) => (entry.uncollected = toErrorRecord(error).message))
    }
    // Until here a host that is opened again goes on with it.
    if (isClosing) return
    tryStep(
      () => settle(entry),
      (error) => (entry.problem ??= toErrorRecord(error).message),
    )
    tell(entry)
    options.onEnded()
  }

  /** One that is being collected may have been looked through before the last of its runs ended. */
  async function collectEnded(entry: KnownFolder): Promise<void> {
    while (entry.collecting) await entry.collecting.end.catch(() => undefined)
    await collect(entry, { partial: false })
  }

  /** It was asked to end, or there is nothing more that could be computed; it may be computed again by now, or be forgotten. */
  function settle(entry: KnownFolder): void {
    if (!entry.computing && folders.all().includes(entry)) remember(entry.path, false)
  }

  /** Whoever asks the same meanwhile is told the same; whoever asks for more waits. */
  async function collect(entry: KnownFolder, given: CollectOptions): Promise<Collection> {
    while (entry.collecting && entry.collecting.partial !== given.partial)
      await entry.collecting.end.catch(() => undefined)
    entry.collecting ??= {
      partial: given.partial,
      end: collectAll(entry, given).finally(() => {
        entry.collecting = undefined
        changed(entry)
      }),
    }
    return entry.collecting.end
  }

  async function collectAll(entry: KnownFolder, given: CollectOptions): Promise<Collection> {
    const collecting = collectInto(archive, folderOf(entry).folder, given, collectedInOneTurn)
    for (;;) {
      await nextTurn()
      if (isClosing) throw new LabError('CANCELLED', 'the laboratory was closed')
      if (!folders.all().includes(entry)) throw new LabError('CANCELLED', 'the sweep was taken off the list')
      const { done, value } = collecting.next()
      if (done) {
        entry.uncollected = null
        return value
      }
      if (value.length === 0) continue
      broadcast('run.changed', archive.runs.summaries(value))
      changed(entry)
    }
  }

  async function collectAsked(entry: KnownFolder, given: CollectOptions): Promise<Collection> {
    try {
      return await collect(entry, given)
    } finally {
      if (!isClosing) options.onEnded()
    }
  }

  async function pause(entry: KnownFolder): Promise<void> {
    if (!entry.computing) throw new LabError('CONFLICT', `${entry.path} is not being computed here`)
    entry.computing.abort.abort()
    await entry.computing.end
  }

  /** What the archive has of a file already. */
  function keptData({ spec }: SweepPlan): Dataset | undefined {
    const hash = dataHashOf(spec)
    return hash === undefined ? undefined : archive.datasets.read(hash)
  }

  return {
    async plan(input) {
      try {
        const completed = await options.completeSweep(input)
        const plan = await inTurns(planInSteps(completed.input, completed.starts))
        const forecast = forecastOf(plan, slots, folderFor(archive, plan.spec.name))
        return { problems: [], forecast, warnings: [...completed.warnings, ...plan.warnings] }
      } catch (error) {
        const { code, message, detail } = toErrorRecord(error)
        if (code !== 'INVALID_SPECIFICATION') throw error
        const problems = (detail as SpecificationProblem[] | undefined) ?? [
          { path: 'sweep', value: undefined, message },
        ]
        return { problems, forecast: null, warnings: [] }
      }
    },
    async create({ spec, folder, computes, gpu = null, fill }) {
      const { input, dataset, starts, warnings } = await options.completeSweep(spec)
      const planned = await inTurns(planInSteps(input, starts))
      const plan = { ...planned, dataset: dataset ?? keptData(planned) }
      const path =
        folder === undefined ? folderFor(archive, plan.spec.name, { ...plan, gpu }) : placeOf(folder, 'folder')
      const prepared = await prepareSweepFolder(path, plan, gpu === null ? taskProgram() : [], gpu)
      requireSameVersion(prepared)
      requireArithmetic(prepared, gpu)
      await fill?.(prepared)
      const entry = add(path)
      know(path)
      if (computes && gpu !== null) await collectAsked(entry, { partial: false })
      else if (computes && !entry.computing) await begin(entry, plan)
      tell(entry)
      return { ...(await summarize(entry)), warnings: [...warnings, ...plan.warnings] }
    },
    async open(given) {
      const place = namedFolder(placeOf(given, 'path'))
      openSweepFolder(place)
      const entry = add(place)
      know(place)
      tell(entry)
      return summarize(entry)
    },
    async list() {
      const all: SweepSummary[] = []
      for (const entry of folders.all()) all.push(await summarize(entry))
      return all
    },
    show: (id) => read(find(id)),
    cell(id, cell) {
      const { folder } = folderOf(find(id))
      const seeds = seedsOf(folder.spec)
      requireCell(folder, cell)
      const keys = folder.keys.slice(cell * seeds.length, (cell + 1) * seeds.length)
      const journals = listJournals(folder)
      const runIds = archive.sweeps.runsOf(archiveKey(folder))
      const own = keys.map((key, place) => ({
        seed: seeds[place]!,
        ...describeRun(folder, key, journals.get(key)),
        runId: runIds.get(key)?.id ?? null,
      }))
      const added = addedRuns(folder).filter((each) => each.cell === cell)
      return [...own, ...added.map(({ run }) => describeAdded(run))]
    },
    async readRuns(id, after) {
      const { folder, followed } = folderOf(find(id))
      return { ...(await followed.readRuns(after)), added: addedRuns(folder) }
    },
    /** One after the other: each begins after the seeds of the one before. */
    addSeeds(id, cell, count) {
      const added = addedBefore.then(() => addSeeds(find(id), cell, count))
      addedBefore = added.catch(() => undefined)
      return added
    },
    async map(id, asked) {
      const { folder, followed } = folderOf(find(id))
      const { runs } = await followed.readRuns(0)
      const all = [...runs, ...addedRuns(folder)].map(({ run }) => run)
      const drawn = { plane: planeOf(folder.spec), runs: all, options: asked }
      return options.caller.call('map.draw', drawn)
    },
    async planRound(id, asked) {
      return forecastOfRound(await planned(find(id), asked), slots)
    },
    async refine(id, asked, number) {
      const entry = find(id)
      const { round, cells } = await planned(entry, asked)
      if (round !== number) {
        throw new LabError('CONFLICT', `round: ${number} is not allowed; the next round of ${entry.path} is ${round}`)
      }
      if (cells.length === 0) throw new LabError('CONFLICT', `${entry.path}: all neighbors agree; nothing to refine`)
      await addRound(folderOf(entry).folder, cells)
      tell(entry)
      return summarize(entry)
    },
    runIds(id, places) {
      const { folder } = folderOf(find(id))
      const runIds = archive.sweeps.runsOf(archiveKey(folder))
      return places.flatMap((place) => runIds.get(folder.keys[place] ?? '')?.id ?? [])
    },
    run: (id) => begin(find(id)),
    pause: (id) => pause(find(id)),
    collect: async (id, { partial }) => collectAsked(find(id), { partial }),
    async forget(id) {
      const entry = find(id)
      if (entry.computing) await pause(entry)
      archive.sweeps.forget(entry.path)
      folders.drop(id)
      tell(entry)
    },
    resume() {
      for (const { path, computes } of archive.sweeps.list()) {
        if (!computes) continue
        const entry = add(path)
        begin(entry).catch((error: unknown) => (entry.problem = toErrorRecord(error).message))
      }
    },
    openRuns: () => folders.all().reduce((sum, entry) => sum + openIn(entry), 0),
    computedRuns: () => folders.all().reduce((sum, entry) => sum + (entry.computing ? openIn(entry) : 0), 0),
    async close() {
      isClosing = true
      for (const timer of told.values()) clearTimeout(timer)
      const computing = folders.all().flatMap(({ computing }) => computing ?? [])
      const collecting = folders.all().flatMap(({ collecting }) => collecting ?? [])
      for (const { abort } of computing) abort.abort()
      await Promise.allSettled([...computing, ...collecting].map(({ end }) => end))
    },
  }
}

function openIn({ computing, collecting, opened }: KnownFolder): number {
  if (!computing && !collecting) return 0
  const { waiting, begun } = computing && opened ? opened.followed.counts() : { waiting: 0, begun: 0 }
  return Math.max(1, waiting + begun)
}

/** Beside the archive, by the sweep's name: the first that is free, or is of this sweep by the same version and arithmetic. */
function folderFor(archive: Archive, name: string, sweep?: { key: string; gpu: string | null }): string {
  const letters = name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  const parent = `${archive.path.replace(/\.grokscope$/, '')}-sweeps`
  for (let number = 1; ; number++) {
    const path = join(parent, `${letters || 'sweep'}${number > 1 ? `-${number}` : ''}`)
    if (!existsSync(path)) return path
    const present = tryStep(
      () => openSweepFolder(path),
      () => undefined,
    )
    if (!present || !sweep || present.grokscope !== version) continue
    if (present.key === sweep.key && present.gpu === sweep.gpu) return path
  }
}

function placeOf(path: string, field: string): string {
  return resolve(givenPath(path, field))
}

/** What a cell sets. Throws NOT_FOUND where there is none of this number. */
function requireCell({ cells }: SweepFolder, cell: number): readonly Change[] {
  const changes = cells[cell]
  if (changes) return changes
  throw new LabError('NOT_FOUND', `cell: ${cell} is not allowed; the sweep has cells 0 to ${cells.length - 1}`)
}
