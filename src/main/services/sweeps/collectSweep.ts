import { resolve } from 'node:path'
import type { Collection } from '../../../shared/contract/sweeps.ts'
import { toRunSpec, type ExperimentSpec } from '../../../shared/experiment.ts'
import { formatGiven } from '../../../shared/formatting/formatNumber.ts'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { nameOfField } from '../../../shared/map/mapAxis.ts'
import { canResume, isSettled, type RunEvent, type RunSummary } from '../../../shared/run.ts'
import { shorten } from '../../../shared/shorten.ts'
import type { Change } from '../../../shared/specification/paths.ts'
import { planCell } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { tryStep } from '../../../shared/tryStep.ts'
import type { AssembledRun } from '../../journal/assembleRun.ts'
import { openArchive, type Archive } from '../../store/archive.ts'
import { specificationHash } from '../../store/specificationHash.ts'
import { dataHashOf, readSweepDataset } from '../../sweep/sweepDataset.ts'
import { readSweepStarts } from '../../sweep/sweepStarts.ts'
import { archiveKey, runSpecs, type SweepFolder } from '../../sweep/sweepFolder.ts'
import { listJournals, ofOtherRuns, readRun } from '../../sweep/sweepJournals.ts'
import { shortKey } from '../../sweep/sweepPlan.ts'

export interface CollectOptions {
  /** Whether runs that have begun are taken as far as they are, as interrupted ones. */
  partial: boolean
}

/** So many are stored in one transaction. */
const runsTogether = 100

/**
 * Takes the runs of a sweep that have ended into an archive, each once however often this is asked, and tags them
 * `sweep:KEY` (`archiveKey`). The runs of a cell are one experiment. The archive knows the sweep's folder from then on. A run that was
 * taken before it had ended is replaced by what it has come to, unless it was resumed in the archive, where it stays beside it
 * (also if that failed by the machine), or lies in the bin there.
 */
export function collectSweep(
  sweep: SweepFolder,
  archivePath: string,
  options: CollectOptions = { partial: false },
): Collection {
  const archive = openArchive(archivePath)
  try {
    const path = resolve(sweep.path)
    if (!archive.sweeps.list().some((each) => each.path === path)) archive.sweeps.set({ path, computes: false })
    const collecting = collectInto(archive, sweep, options)
    for (;;) {
      const { done, value } = collecting.next()
      if (done) return value
    }
  } finally {
    archive.close()
  }
}

/** The same into an archive that is open, some runs at each step, which are looked at or taken; it gives the ids of those taken. */
export function* collectInto(
  archive: Archive,
  sweep: SweepFolder,
  options: CollectOptions,
  atOnce = runsTogether,
): Generator<string[], Collection> {
  const tag = `sweep:${archiveKey(sweep)}`
  const journals = listJournals(sweep)
  const specOf = runSpecs(sweep)
  const startOf = readSweepStarts(sweep)
  const seeds = seedsOf(sweep.spec).length
  const experiments = new Map<number, string>()
  /** The runs of a cell come one after the other. */
  let latest: { cell: number; name: string } | undefined
  /** By their keys, those that have ended before others, and then those that are not in the bin. */
  const held = new Map<string, HeldRun>()
  const places = new Map(sweep.keys.map((key, place) => [key, place]))
  /** The places of those that were extended in the archive, and are other runs since. */
  const extended = new Set<number>()
  const keyBefore = keysAsAsked(archive)
  const listed = archive.runs.listIds({ where: `tag:"${tag}"`, includeBinned: true })
  for (let at = 0; at < listed.length; at += atOnce) {
    archive.runs.summaries(listed.slice(at, at + atOnce)).forEach(look)
    yield []
  }
  const missing = sweep.keys.flatMap((key, place) => {
    const run = held.get(key)
    return run && hasEnded(run) ? [] : [place]
  })
  const present = sweep.keys.length - missing.length
  const binned = [...held.values()].filter((run) => hasEnded(run) && isBinned(run)).length
  const collection: Collection = { taken: 0, present, binned, open: 0, begun: 0, partial: 0, beside: 0, foreign: [] }
  collection.foreign.push(...ofOtherRuns(sweep, journals))
  for (let at = 0; at < missing.length; at += atOnce) {
    yield archive.together(() => missing.slice(at, at + atOnce).flatMap(take))
  }
  return collection

  function look(run: RunSummary): void {
    const key = run.specificationHash?.slice(0, sweep.keys[0]!.length) ?? ''
    const place = places.get(key)
    if (place === undefined) {
      const before = places.get(keyBefore(run) ?? '')
      if (before === undefined) return
      extended.add(before)
      experiments.set(Math.floor(before / seeds), run.experimentId)
      return
    }
    experiments.set(Math.floor(place / seeds), run.experimentId)
    // What it has come to would be deleted with it.
    if (isPartial(run) && isBinned(run)) return
    const before = held.get(key)
    const { id, status, code, binnedAt } = run
    if (!before || rankOf(run) >= rankOf(before)) held.set(key, { id, status, code, binnedAt })
  }

  function take(place: number): string[] {
    const key = sweep.keys[place]!
    const told = readRun(sweep, key, journals.get(key))
    collection.foreign.push(...told.foreign)
    const [run] = archive.runs.summaries(held.has(key) ? [held.get(key)!.id] : [])
    const isUntouched = run !== undefined && isPartial(run) && archive.integrity.check(run.id).findings.length === 0
    if (told.end) {
      collection.taken += 1
      if (run ? !isUntouched : extended.has(place)) collection.beside += 1
      return [isUntouched ? replace(run, told.events) : add(place, told.events)]
    }
    if (run && !isUntouched) {
      collection.present += 1
      return []
    }
    collection.open += 1
    if (told.events.length === 0) return []
    collection.begun += 1
    if (!options.partial || (run && !isFurther(told, run))) return []
    collection.partial += 1
    const runId = run ? replace(run, told.events) : add(place, told.events)
    archive.runs.end([runId], { status: 'interrupted', error: unfinished })
    return [runId]
  }

  function add(place: number, events: readonly RunEvent[]): string {
    const runId = addRun(place)
    archive.applyEvents(events.map((event) => ({ ...event, runId })))
    return runId
  }

  function replace({ id: runId }: RunSummary, events: readonly RunEvent[]): string {
    archive.replaceEvents(
      runId,
      events.map((event) => ({ ...event, runId })),
    )
    return runId
  }

  /** What the runs are set before is in the archive once the first of them is. */
  function keepData(): void {
    const hash = dataHashOf(sweep.spec)
    if (hash === undefined || archive.datasets.has(hash)) return
    archive.datasets.store(readSweepDataset(sweep)!)
  }

  /** Whether the journals have more than was taken. */
  function isFurther({ events, snapshot }: AssembledRun, { id, step }: RunSummary): boolean {
    const [saved, before] = [snapshot?.step ?? 0, archive.snapshots.latestStep(id) ?? 0]
    if (saved !== before) return saved > before
    return (events.findLast((event) => event.type === 'measured')?.step ?? 0) > step
  }

  function addRun(place: number): string {
    keepData()
    const spec = specOf(place)
    const cell = Math.floor(place / seeds)
    if (latest?.cell !== cell) latest = { cell, name: nameOfCell(sweep.spec.name, sweep.cells[cell]!) }
    const initial = startOf(spec)
    const run = { spec, name: `${latest.name}, seed ${spec.seed}`, ...(initial && { initial: () => initial }) }
    const experiment = experiments.get(cell)
    if (experiment !== undefined) return archive.runs.addRun(experiment, run, [tag])
    const planned = planCell(sweep.spec, sweep.cells[cell]!)
    const named = { ...planned.spec, name: latest.name }
    const created = archive.runs.createExperiment({ spec: named, runs: [run], tags: [tag] })
    experiments.set(cell, created.experimentId)
    return created.runIds[0]!
  }
}

/** Tells the key that a run had when its experiment was stored; undefined where that cannot be read. */
function keysAsAsked(archive: Archive): (run: RunSummary) => string | undefined {
  const specs = new Map<string, ExperimentSpec | undefined>()
  return ({ experimentId, seed }) => {
    if (!specs.has(experimentId)) {
      specs.set(
        experimentId,
        tryStep(
          () => archive.runs.experiment(experimentId).spec,
          () => undefined,
        ),
      )
    }
    const spec = specs.get(experimentId)
    return spec && shortKey(specificationHash(toRunSpec(spec, seed)))
  }
}

/** Of a run that the archive has as much as is kept of each. */
type HeldRun = Pick<RunSummary, 'id' | 'status' | 'code' | 'binnedAt'>

/** One that failed by the machine may come further. */
const hasEnded = (run: HeldRun) => isSettled(run.status) && !canResume(run)
const isBinned = ({ binnedAt }: HeldRun) => binnedAt !== null
const rankOf = (run: HeldRun) => 2 * Number(hasEnded(run)) + Number(!isBinned(run))

/** How a run is known that was taken before it had ended, for as long as nobody resumes it. */
const unfinished = {
  code: 'SWEEP_UNFINISHED',
  message: 'It was taken from its sweep before it had ended there.',
} as const
const isPartial = ({ status, code }: HeldRun) => status === 'interrupted' && code === unfinished.code

const longestName = 180

/** So much of a sweep's name is kept, however much its cells set. */
const leastOfSweep = 40

/** What the runs of a cell are called in lists: by the sweep and what the cell sets. */
export function nameOfCell(sweep: string, changes: readonly Change[]): string {
  const set = changes.map(({ path, value }) => `${plainText(nameOfField(path))} = ${describeValue(value)}`).join(', ')
  // What the cells differ in is kept, of whatever sweep.
  const room = Math.max(longestName - set.length - '…: '.length, leastOfSweep)
  return shorten(`${shorten(sweep, room)}: ${set}`, longestName)
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return formatGiven(value)
  const { kind } = (value ?? {}) as { kind?: unknown }
  return typeof kind === 'string' ? kind : typeof value === 'string' ? value : JSON.stringify(value)
}
