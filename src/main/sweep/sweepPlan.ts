import { createHash } from 'node:crypto'
import { LabError } from '../../shared/errors.ts'
import { estimateCost } from '../../shared/estimate.ts'
import { toRunSpec, type ExperimentSpec, type RunSpec } from '../../shared/experiment.ts'
import { changesOfCells, describeCell, parseSweep, planCell, type SweepCell } from '../../shared/sweep/planSweep.ts'
import { seedsOf, type SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { specificationHashes } from '../store/specificationHash.ts'
import { startCheck, type SweepStarts } from './sweepStarts.ts'

/** A sweep before anything is written: all its cells are valid, and no two of its runs are the same. */
export interface SweepPlan {
  spec: SweepSpec
  cells: SweepCell[]
  /** Of the runs in their order: cell by cell, and in each seed by seed. */
  keys: string[]
  /** Of the whole sweep. */
  key: string
  /** Runs of one task. */
  perTask: number
  cost: SweepCost
  /** What its runs are set before, where that is data from a file; whoever makes its folder has to know it. */
  dataset?: Dataset | undefined
  /** What its runs start from, where these are files; the same of whoever makes its folder. */
  starts?: SweepStarts | undefined
  /** What a person should know of these. */
  warnings: string[]
}

/** Its runs, in the order of their keys. */
export function runsOf({ cells, spec }: Pick<SweepPlan, 'cells' | 'spec'>): { spec: RunSpec }[] {
  return cells.flatMap((cell) => seedsOf(spec).map((seed) => ({ spec: toRunSpec(cell.spec, seed) })))
}

/** What a sweep is foreseen to cost. */
export interface SweepCost {
  /** Of one core, in all. */
  seconds: number
  /** Of the largest run. */
  memoryBytes: number
  /** In all, before compression. */
  diskBytes: number
}

/** Checks a sweep and every cell of it, also against its starts where these are given. Throws INVALID_SPECIFICATION. */
export function planSweep(input: unknown, starts?: SweepStarts): SweepPlan {
  const planning = planInSteps(input, starts)
  for (;;) {
    const { done, value } = planning.next()
    if (done) return value
  }
}

/** The same cell by cell, for a host that has other things to do in between. */
export function* planInSteps(input: unknown, starts?: SweepStarts): Generator<void, SweepPlan> {
  const spec = parseSweep(input)
  const fits = starts && startCheck(spec, (hash) => starts.get(hash) ?? {})
  const cells: SweepCell[] = []
  const keys: string[] = []
  for (const changes of changesOfCells(spec)) {
    const cell = planCell(spec, changes)
    fits?.look(cell)
    cells.push(cell)
    keys.push(...specificationHashes(cell.spec).map(shortKey))
    yield
  }
  fits?.require()
  requireDistinct(keys, cells)
  const cost = costOf(cells)
  const perTask = runsPerTask(cost.seconds, keys.length)
  return { spec, cells, keys, key: keyOf(keys), perTask, cost, starts, warnings: fits?.warnings() ?? [] }
}

function requireDistinct(keys: readonly string[], cells: readonly SweepCell[]): void {
  const places = new Map<string, number>()
  keys.forEach((key, place) => {
    const first = places.get(key)
    if (first === undefined) return places.set(key, place)
    const [one, other] = [first, place].map((each) => {
      const cell = cells[Math.floor((each * cells.length) / keys.length)]!
      return describeCell(cell.changes)
    })
    const message = `axes: cell ${one} and cell ${other} are the same experiment; leave one out`
    throw new LabError('INVALID_SPECIFICATION', message, [{ path: 'axes', value: undefined, message }])
  })
}

/** Multiply-adds a second of one core, about; a sweep says how long it takes before anything is measured. */
const foreseenSpeed = 5e9
/** What a step, a measurement and a run take however small their matrices are. */
const leastSeconds = { step: 5e-6, measurement: 8e-6, run: 5e-3 }

/** What one run of a sweep is foreseen to cost, in seconds of one core. */
export function foreseeRun(spec: ExperimentSpec): { seconds: number; memoryBytes: number; diskBytes: number } {
  const { seconds, steps, measurements, memoryBytes, diskBytes } = estimateCost(spec, foreseenSpeed)
  const least = leastSeconds.step * steps + leastSeconds.measurement * measurements + leastSeconds.run
  return { seconds: seconds! + least, memoryBytes, diskBytes }
}

function costOf(cells: readonly SweepCell[]): SweepCost {
  const total: SweepCost = { seconds: 0, memoryBytes: 0, diskBytes: 0 }
  for (const { spec } of cells) {
    const { seconds, memoryBytes, diskBytes } = foreseeRun(spec)
    total.seconds += seconds * spec.seeds.length
    total.memoryBytes = Math.max(total.memoryBytes, memoryBytes)
    total.diskBytes += diskBytes * spec.seeds.length
  }
  return total
}

const secondsPerTask = 1800
const maxTasks = 1000

/** Half an hour of computing, and no more than a thousand tasks. */
function runsPerTask(seconds: number, runs: number): number {
  const ofTime = Math.max(1, Math.floor((secondsPerTask * runs) / seconds))
  return Math.min(runs, Math.max(ofTime, Math.ceil(runs / maxTasks)))
}

/** What a run is called in a sweep. */
export function shortKey(hash: string): string {
  return hash.slice(0, 20)
}

/** What a sweep of these runs is called. */
export function keyOf(keys: readonly string[]): string {
  return shortKey(createHash('sha256').update(keys.join('\n')).digest('hex'))
}
