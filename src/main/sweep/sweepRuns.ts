import { stepsOf, trainingSamples, type RunSpec } from '../../shared/experiment.ts'
import { summarizedNames } from '../../shared/measurements.ts'
import type { RunEvent, RunSummary } from '../../shared/run.ts'
import { facetsOf, type Facets } from '../../shared/specification/facets.ts'
import type { Change } from '../../shared/specification/paths.ts'
import { seedsOf } from '../../shared/sweep/sweepSchema.ts'
import { runSpecs, type SweepFolder } from './sweepFolder.ts'
import { listJournals, readRun } from './sweepJournals.ts'

/**
 * All runs of a sweep as an archive would list them, those that are not begun too, with what their journals say by now, which
 * `hear` is told run by run. What the axes set is among their facets under the path of the axis, also where that lies within a list.
 */
export function readSweepRuns(sweep: SweepFolder, hear?: Hear): RunSummary[] {
  const journals = listJournals(sweep)
  const read = runReader(sweep, hear)
  return sweep.keys.map((key, place) => read(place, journals.get(key)))
}

type Hear = (events: readonly RunEvent[]) => void

/** Reads one run of them, by its place and its journals. */
export function runReader(
  sweep: SweepFolder,
  hear: Hear = () => {},
): (place: number, paths: readonly string[] | undefined) => RunSummary {
  const specOf = runSpecs(sweep)
  const seeds = seedsOf(sweep.spec).length
  // The runs of a cell differ in their seeds alone, which are no facets.
  let latest: { cell: number; facets: Facets } | undefined
  return (place, paths) => {
    const key = sweep.keys[place]!
    const { events, end } = paths ? readRun(sweep, key, paths) : { events: [], end: undefined }
    hear(events)
    const cell = Math.floor(place / seeds)
    const spec = specOf(place)
    if (latest?.cell !== cell) latest = { cell, facets: { ...facetsOf(spec), ...sweptFacets(sweep.cells[cell]!) } }
    const planned = plannedRun({ key: sweep.key, name: sweep.spec.name }, key, spec, latest.facets)
    return {
      ...toldBy(planned, events),
      status: end?.status ?? (events.length > 0 ? 'interrupted' : 'queued'),
    }
  }
}

/** What a cell sets, as facets of its runs. */
export function sweptFacets(changes: readonly Change[]): Facets {
  const facets = changes.map(({ path, value }) => [
    path,
    typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return Object.fromEntries(facets) as Facets
}

/** A run of a sweep as an archive would list it before it has begun. */
export function plannedRun(
  { key: sweep, name }: { key: string; name: string },
  key: string,
  spec: RunSpec,
  facets = facetsOf(spec),
): RunSummary {
  return {
    id: key,
    experimentId: sweep,
    experiment: name,
    figure: null,
    name: `${name}, seed ${spec.seed}`,
    seed: spec.seed,
    status: 'queued',
    code: null,
    message: null,
    step: 0,
    steps: stepsOf(spec),
    tau: 0,
    seconds: 0,
    createdAt: 0,
    startedAt: null,
    finishedAt: null,
    archivedAt: null,
    binnedAt: null,
    parentRunId: null,
    parentStep: null,
    specificationHash: null,
    resultHash: null,
    contentHash: null,
    contentHashVersion: 2,
    sequence: -1,
    tags: [],
    trainPairs: trainingSamples(spec),
    facets,
    latest: {},
    events: {},
    largestLocalError: null,
  }
}

/** A planned run with what it has told since. */
export function toldBy(planned: RunSummary, events: readonly RunEvent[]): RunSummary {
  const run = { ...planned, latest: { ...planned.latest }, events: { ...planned.events } }
  for (const event of events) {
    run.sequence = event.sequence
    switch (event.type) {
      case 'started': {
        // A start from a file may have a training set of its own.
        if (run.trainPairs !== null) run.trainPairs = event.train.length
        break
      }
      case 'measured': {
        const { step, tau, seconds, values } = event
        Object.assign(run, { step, tau, seconds })
        for (const name of summarizedNames) {
          const value = values[name]
          if (value !== undefined && !Number.isNaN(value)) run.latest[name] = value
        }
        break
      }
      case 'event': {
        const { name, step, tau, value } = event
        run.events[name] ??= { step, tau, value }
        break
      }
      case 'settled': {
        const { step, tau, seconds, code = null, message = null, report } = event
        Object.assign(run, { step, tau, seconds, code, message })
        run.largestLocalError = report?.largestLocalError ?? null
        break
      }
    }
  }
  return run
}
