import { z } from 'zod'
import { filePath } from '../filePath.ts'
import { mapLookSchema } from '../map/mapLook.ts'
import { phaseThresholds } from '../map/mapOptions.ts'
import type { MapPanel } from '../panel.ts'
import type { SpecificationProblem } from '../parseInput.ts'
import type { RunEventName, RunSummary } from '../run.ts'
import type { Change } from '../specification/paths.ts'
import type { SweepSpec } from '../sweep/sweepSchema.ts'
import type { Submission } from './experiments.ts'
import { distinct, specification } from './inputs.ts'

const fieldPath = z.string().min(1).max(200)
/** A sweep that the archive knows, by its `id`. */
const sweep = z.string().min(1).max(40)
/** The plane of a sweep, and what tells the phases of its cells apart. */
const roundOptions = {
  x: fieldPath.optional(),
  y: fieldPath.optional(),
  thresholds: phaseThresholds.partial().optional(),
}
export const sweepStates = ['computing', 'open', 'complete', 'unreadable'] as const
/** What has become of a run of a sweep, by its journals; `begun` of one that has not ended. */
export const sweepRunStates = ['waiting', 'begun', 'finished', 'failed'] as const

/** Of sweeps that the archive knows. */
export const sweepRequests = {
  /** What a sweep would come to; nothing is written. */
  'sweep.plan': z.strictObject({ spec: specification }),
  /** Makes its folder, `folder` or one beside the archive, and with `computes` begins to compute it here. */
  'sweep.create': z.strictObject({
    spec: specification,
    folder: filePath.optional(),
    computes: z.boolean().default(false),
  }),
  'sweep.choose': z.strictObject({}),
  /** Has the archive know a folder that is there. */
  'sweep.open': z.strictObject({ path: filePath }),
  'sweep.list': z.strictObject({}),
  'sweep.show': z.strictObject({ sweep }),
  'sweep.cell': z.strictObject({ sweep, cell: z.int().min(0) }),
  /** A plane through it, or several, as `sweep map` draws them. */
  'sweep.map': z.strictObject({ sweep, options: mapLookSchema.partial() }),
  /** The cells that refine it, as `sweep refine` finds them, and what they would take; nothing is written. */
  'sweep.planRound': z.strictObject({ sweep, options: z.strictObject(roundOptions) }),
  /** Adds them to its folder, as the round of this number that was planned; they are computed by `sweep.run`. */
  'sweep.refine': z.strictObject({ sweep, options: z.strictObject(roundOptions), round: z.int().min(1) }),
  /** What the archive has of the runs at some places. */
  'sweep.runIds': z.strictObject({ sweep, places: distinct(z.array(z.int().min(0)).min(1).max(20_000)) }),
  /** Its runs as lists have them, whose state is another since the reading `after`; of all with 0. */
  'sweep.runs': z.strictObject({ sweep, after: z.int().min(0).default(0) }),
  /** Runs of the archive with the next seeds of a cell, by the sweep's own arithmetic, which is none of a GPU; the folder stays as it is. */
  'sweep.addSeeds': z.strictObject({ sweep, cell: z.int().min(0), count: z.int().min(1).max(100) }),
  /** Computes what is missing, on this machine. */
  'sweep.run': z.strictObject({ sweep }),
  /** Its runs are saved; it goes on with `sweep.run`. */
  'sweep.pause': z.strictObject({ sweep }),
  /** Takes the runs that have ended into the archive; with `partial` also those that have begun, as far as they are. */
  'sweep.collect': z.strictObject({ sweep, partial: z.boolean().default(false) }),
  /** The archive knows its folder no longer; the folder stays as it is. */
  'sweep.forget': z.strictObject({ sweep }),
} as const

/** What a sweep is foreseen to be. */
export interface SweepForecast {
  cells: number
  seeds: number
  runs: number
  /** Parts of about half an hour, as a cluster computes them. */
  tasks: number
  /** Of one core, in all. */
  coreSeconds: number
  /** Of this machine, on all its slots. */
  wallSeconds: number
  /** Of the largest run. */
  memoryBytes: number
  diskBytes: number
  /** Values of the first and of the last cell. */
  first: string
  last: string
  /** Where its folder would lie. */
  folder: string
}

/** The cells that refine a sweep; none where all neighbors agree. */
export interface RoundForecast {
  /** Its number, from 1 on. */
  round: number
  cells: number
  seeds: number
  runs: number
  /** Of one core, in all, by what the runs of the sweep took; null where a GPU computes them. */
  coreSeconds: number | null
  /** Of this machine, on all its slots, or of that GPU. */
  wallSeconds: number
}

/** `open`: runs are missing, and this host does not compute them. */
export type SweepState = (typeof sweepStates)[number]

export type SweepRunState = (typeof sweepRunStates)[number]

export interface SweepSummary {
  id: string
  /** Of its folder. */
  path: string
  name: string
  /** Its runs in the archive are tagged `sweep:KEY`, which differs between arithmetics and versions. */
  key: string
  cells: number
  seeds: number
  runs: number
  finished: number
  failed: number
  begun: number
  /** The GPU that computes all of its runs, in the terminal; null where WebAssembly does. */
  gpu: string | null
  state: SweepState
  /** Why it could not be read, or why computing it ended before it was complete. */
  problem: string | null
  /** Null where nothing was seen to end since computing began here, or since it stood still. */
  secondsLeft: number | null
  /** Runs of it that the archive has to their end, and others that it has. */
  collected: number
  unfinished: number
  /** Whether it is taking more of them. */
  isCollecting: boolean
}

export interface SweepDetail extends SweepSummary {
  /** Null where its folder cannot be read. */
  spec: SweepSpec | null
  /** Of each run, cell by cell and in each seed by seed: its place in `sweepRunStates`. */
  states: Uint8Array
  tasks: number
  /** What the cells set that were added to those of the axes, in the order of their numbers. */
  refined: readonly (readonly Change[])[]
}

export interface SweepRun {
  seed: number
  state: SweepRunState
  /** Where it is, or ended. */
  step: number | null
  tau: number | null
  /** Why it failed. */
  message: string | null
  /** Where its events were. */
  events: Partial<Record<RunEventName, { step: number; tau: number }>>
  /** Of the archive, which may not have it yet. */
  runId: string | null
}

/** What an archive came to have of a sweep. */
export interface Collection {
  /** Runs that it took now, whole. */
  taken: number
  /** Runs that it had. */
  present: number
  /** Those among them that have ended and are in its bin. */
  binned: number
  /** Runs that have not ended; they are taken another time. */
  open: number
  /** Those among them that were begun. */
  begun: number
  /** Those among them that it took now as far as they are. */
  partial: number
  /** Runs taken now that lie beside one that was resumed in the archive before they had ended in the sweep, or extended there. */
  beside: number
  /** Files among the journals of runs that were looked for now that are none of the sweep's, or have not one whole frame. */
  foreign: string[]
}

export interface SweepResponses {
  /** `warnings` are what a person should know of the files that the sweep names. A forecast, or why there is none: paths are those of the sweep, of what is wrong with a cell that of the axis which sets it. */
  'sweep.plan': { problems: SpecificationProblem[]; forecast: SweepForecast | null; warnings: string[] }
  'sweep.create': SweepSummary & { warnings: string[] }
  /** As `archive.choose`, of a folder. */
  'sweep.choose': { path: string | null; hasDialog: boolean }
  'sweep.open': SweepSummary
  'sweep.list': SweepSummary[]
  'sweep.show': SweepDetail
  'sweep.cell': { runs: SweepRun[] }
  'sweep.map': MapPanel[]
  'sweep.planRound': RoundForecast
  'sweep.refine': SweepSummary
  'sweep.runIds': { runIds: string[] }
  /** Facets are those that the axes set. `added` are all runs of the archive that were added to cells. */
  'sweep.runs': {
    revision: number
    runs: { place: number; run: RunSummary }[]
    added: { cell: number; run: RunSummary }[]
  }
  'sweep.addSeeds': Submission
  'sweep.run': null
  'sweep.pause': null
  'sweep.collect': Collection
  'sweep.forget': null
}

export interface SweepEvents {
  /** That something of a sweep is another than before; at most twice a second for each. */
  'sweep.changed': { sweep: string; isComputing: boolean }
}
