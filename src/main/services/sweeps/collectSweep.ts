import { resolve } from 'node:path'
import { formatGiven } from '../../../shared/formatting/formatNumber.ts'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { nameOfField } from '../../../shared/map/mapAxis.ts'
import { shorten } from '../../../shared/shorten.ts'
import type { Change } from '../../../shared/specification/paths.ts'
import { planCell } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { openArchive, type Archive } from '../../store/archive.ts'
import { listJournals, readRun, runSpecs, type SweepFolder } from '../../sweep/sweepFolder.ts'

/** What an archive came to have of a sweep. */
export interface Collection {
  /** Runs that it took now. */
  taken: number
  /** Runs that it had. */
  present: number
  /** Runs that have not ended; they are taken another time. */
  open: number
  /** Those among them that were begun. */
  begun: number
}

/** So many are stored in one transaction. */
const runsTogether = 100

/**
 * Takes the runs of a sweep that have ended into an archive, each once however often this is asked, and tags them
 * `sweep:KEY`. The runs of a cell are one experiment. The archive knows the sweep's folder from then on.
 */
export function collectSweep(sweep: SweepFolder, archivePath: string): Collection {
  const archive = openArchive(archivePath)
  try {
    const path = resolve(sweep.path)
    if (!archive.sweeps.list().some((each) => each.path === path)) archive.sweeps.set({ path, computes: false })
    const collecting = collectInto(archive, sweep)
    for (;;) {
      const { done, value } = collecting.next()
      if (done) return value
    }
  } finally {
    archive.close()
  }
}

/** The same into an archive that is open, some runs at each step, which gives the ids of those taken. */
export function* collectInto(
  archive: Archive,
  sweep: SweepFolder,
  atOnce = runsTogether,
): Generator<string[], Collection> {
  const tag = `sweep:${sweep.key}`
  const journals = listJournals(sweep)
  const specOf = runSpecs(sweep)
  const seeds = seedsOf(sweep.spec).length
  const experiments = new Map<number, string>()
  const present = new Set<string>()
  const places = new Map(sweep.keys.map((key, place) => [key, place]))
  for (const run of archive.runs.listRuns({ where: `tag:"${tag}"`, includeBinned: true })) {
    const key = run.specificationHash?.slice(0, sweep.keys[0]!.length) ?? ''
    const place = places.get(key)
    if (place === undefined) continue
    present.add(key)
    experiments.set(Math.floor(place / seeds), run.experimentId)
  }
  const missing = sweep.keys.flatMap((key, place) => (present.has(key) ? [] : [place]))
  const collection: Collection = { taken: 0, present: present.size, open: 0, begun: 0 }
  for (let at = 0; at < missing.length; at += atOnce) {
    yield archive.together(() => missing.slice(at, at + atOnce).flatMap(take))
  }
  return collection

  function take(place: number): string[] {
    const key = sweep.keys[place]!
    const paths = journals.get(key)
    const { events, end } = paths ? readRun(sweep, key, paths) : { events: [], end: undefined }
    if (!end) {
      collection.open += 1
      if (events.length > 0) collection.begun += 1
      return []
    }
    const runId = addRun(place)
    archive.applyEvents(events.map((event) => ({ ...event, runId })))
    collection.taken += 1
    return [runId]
  }

  function addRun(place: number): string {
    const spec = specOf(place)
    const cell = Math.floor(place / seeds)
    const run = { spec, name: `${nameOfCell(sweep.spec.name, sweep.cells[cell]!)}, seed ${spec.seed}` }
    const experiment = experiments.get(cell)
    if (experiment !== undefined) return archive.runs.addRun(experiment, run, [tag])
    const planned = planCell(sweep.spec, sweep.cells[cell]!)
    const created = archive.runs.createExperiment({ spec: planned.spec, runs: [run], tags: [tag] })
    experiments.set(cell, created.experimentId)
    return created.runIds[0]!
  }
}

const longestName = 180

/** What the runs of a cell are called in lists: by the sweep and what the cell sets. */
export function nameOfCell(sweep: string, changes: readonly Change[]): string {
  const set = changes.map(({ path, value }) => `${plainText(nameOfField(path))} = ${describeValue(value)}`)
  return shorten(`${sweep}: ${set.join(', ')}`, longestName)
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return formatGiven(value)
  const { kind } = (value ?? {}) as { kind?: unknown }
  return typeof kind === 'string' ? kind : typeof value === 'string' ? value : JSON.stringify(value)
}
