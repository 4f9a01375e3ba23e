import { z } from 'zod'
import { analysisKinds, type AnalysisResult } from './analysis.ts'
import type { ErrorRecord } from './errors.ts'
import type { CostEstimate } from './estimate.ts'
import type { DatasetContent } from './tasks/dataset.ts'
import type { ExperimentSpec } from './experiment.ts'
import { integratorKinds } from './dynamics/integrators.ts'
import { filePath } from './filePath.ts'
import { backendKinds, type BackendTiming, type MachineDescription } from './machine.ts'
import { measurementNames, type MeasurementName } from './measurements.ts'
import { type FigureDescription, type FigureResult } from './papers/figure.ts'
import type { SvgNode } from './figures/svgNode.ts'
import { mapLookSchema } from './map/mapLook.ts'
import { phaseThresholds } from './map/mapOptions.ts'
import type { LinePanel, MapBoundary, MapPanel } from './panel.ts'
import { figureIds, type FigureId } from './papers/papers.ts'
import type { SpecificationProblem } from './parseInput.ts'
import { plainText } from './plainText.ts'
import type { SweepSpec } from './sweep/sweepSchema.ts'
import { runColumns } from './query/runColumns.ts'
import { groupings, shelves, type RunTablePage } from './query/runTable.ts'
import type { FacetPath } from './specification/facets.ts'
import type { Preparation } from './preparation.ts'
import {
  runStatuses,
  type CheckedRun,
  type Curve,
  type RunEventName,
  type RunSummary,
  type SnapshotDescription,
} from './run.ts'
import type { MatrixData } from './matrix.ts'
import type { Change } from './specification/paths.ts'

const runId = z.string().min(1).max(40)
const runIds = distinct(z.array(runId).min(1).max(20_000))
const step = z.int().min(0)
/** An archive opened beside one's own, by the id that `archive.open` gave; absent means one's own. */
const archive = z.string().min(1).max(100).optional()
const tag = plainText(z.string().trim().min(1).max(60))
/** Tags of older archives may hold what a new one may not. */
const knownTag = z.string().trim().min(1).max(60)
const tagChange = z.strictObject({
  runIds,
  add: distinct(z.array(tag).max(50)).default([]),
  remove: distinct(z.array(knownTag).max(50)).default([]),
})
const shelf = z.enum(shelves)
/** What a figure is drawn of. */
const drawingTags = [
  'svg',
  'g',
  'path',
  'line',
  'rect',
  'circle',
  'text',
  'tspan',
  'image',
  'clipPath',
  'linearGradient',
  'stop',
] as const
const drawingNode: z.ZodType<SvgNode, SvgNode> = z.lazy(() =>
  z.union([
    z.string().max(5000),
    z.strictObject({
      tag: z.enum(drawingTags),
      attributes: z.record(z.string().max(40), z.union([z.string().max(20_000_000), z.number()])),
      children: z.array(drawingNode),
    }),
  ]),
)
/** Points of a page: PDF allows no more. */
const pageLength = z.number().min(1).max(14_400)
const drawing = z.strictObject({ root: drawingNode, width: pageLength, height: pageLength })
const move = z.strictObject({ runIds, to: shelf })
const figure = z.enum(figureIds)
/** In place of the paper's own. */
const integrator = z.enum(integratorKinds).optional()
/** A filter as `parseRunQuery` reads it. */
const filter = z.string().max(5000)
const column = z.enum(runColumns.map(({ id }) => id))
const sort = z.strictObject({ by: column, descending: z.boolean().default(false) })
/** Runs watched by one client, and runs in one answer. */
export const maxWatched = 1000
/** Lines in one answer to `run.table`. */
export const maxLines = 500
const lineKey = z.union([z.strictObject({ run: runId }), z.strictObject({ group: z.string().max(1000) })])
/** The runs for which all that is given holds; without a shelf those of every shelf. */
const choice = {
  archive,
  where: filter.default(''),
  shelf: shelf.optional(),
  runIds: runIds.optional(),
  experimentIds: distinct(z.array(runId).min(1).max(1000)).optional(),
  figure: figure.optional(),
  status: distinct(z.array(z.enum(runStatuses)).min(1).max(20)).optional(),
}
/** A table of runs: those of a shelf that pass every term of a filter, sorted within groups. */
const table = {
  archive,
  shelf,
  terms: z.array(filter).max(100).default([]),
  /** Runs that are out of sight. */
  without: distinct(z.array(runId).max(20_000)).default([]),
  grouping: z.enum(groupings).default('none'),
  sort: sort.default({ by: 'createdAt', descending: true }),
  /** Keys of groups whose runs are not shown. */
  folded: z.union([distinct(z.array(z.string().max(1000)).max(20_000)), z.literal('all')]).default([]),
}
/** What a client calls a long computation, to be told how far it is and to end it. */
const computation = z.string().min(1).max(100)
/** Points that one answer to `run.curves` holds at most, over all its curves: 32 bytes each. */
export const maxCurvePoints = 8_000_000
const specification = z.record(z.string(), z.unknown())
/** What computes new runs; without it, what the host chooses. */
const backend = z.enum(backendKinds).optional()
const fieldPath = z.string().min(1).max(200)
/** A sweep that the archive knows, by its `id`. */
const sweep = z.string().min(1).max(40)
/** The plane of a sweep, and what tells the phases of its cells apart. */
const roundOptions = {
  x: fieldPath.optional(),
  y: fieldPath.optional(),
  thresholds: phaseThresholds.partial().optional(),
}
/** What a client calls a live map of its own. */
const liveMap = z.string().min(1).max(100)
/** Cells of a live map, and how long it goes on without being asked for. */
export const maxLiveCells = 4096
export const liveMapMilliseconds = 60_000
/** What computes it: the processor, or the GPU of this machine. */
export const livePlaces = ['here', 'gpu'] as const
export type LivePlace = (typeof livePlaces)[number]

/**
 * Every request a renderer, a browser or a script may send: the schema of its input, checked on arrival. What each one
 * answers is in `Responses`, under the same name. A request that names several runs is carried out for all of them or
 * for none.
 */
export const requests = {
  'machine.describe': z.strictObject({}),
  'machine.benchmark': z.strictObject({ computation: computation.optional() }),

  'experiment.estimate': z.strictObject({ spec: specification, backend }),
  /** What a file of data holds. */
  'dataset.describe': z.strictObject({ path: filePath }),
  'experiment.submit': z.strictObject({
    spec: specification,
    tags: distinct(z.array(tag).max(50)).default([]),
    backend,
  }),
  /** Several experiments, all of them or none. */
  'experiment.submitAll': z.strictObject({
    specs: z.array(specification).min(1).max(1000),
    /** Where relative paths in them begin. */
    folder: filePath,
    backend,
    /** Whether this client watches the new runs, from their beginning, beside those it watches. */
    watch: z.boolean().default(false),
  }),

  /** What is computed and what waits, in the order in which it begins. */
  'queue.show': z.strictObject({ limit: z.int().min(0).max(maxWatched).default(200) }),
  'queue.move': z.strictObject({ runIds, before: runId.nullable() }),
  'queue.hold': z.strictObject({ hold: z.boolean() }),

  'run.list': z.strictObject({
    ...choice,
    /** Without it by experiment, the newest first. */
    sort: sort.optional(),
    limit: z.int().min(1).max(maxWatched).default(200),
  }),
  'run.table': z.strictObject({
    ...table,
    /** Columns of which the lines of groups want readings. */
    columns: distinct(z.array(column).max(1000)).default([]),
    /** The number of the first line that is wanted, from 0; where the table is shorter, its last lines are answered. */
    from: z.int().min(0),
    count: z.int().min(0).max(maxLines),
    /** The line whose number is asked for. */
    find: lineKey.optional(),
  }),
  /** The found runs of a table in its order, folded or not: all, those among `runIds`, of a group, or of a range of lines. */
  'run.ids': z.strictObject({
    ...table,
    runIds: runIds.optional(),
    group: z.string().max(1000).optional(),
    lines: z.strictObject({ from: lineKey, to: lineKey }).optional(),
  }),
  /** The columns of fields of a specification in which the found runs of a table are not all alike. */
  'run.differing': z.strictObject(table),
  /** What runs have of a field of filters, the most frequent first: at most `mostRunValues`. */
  'run.values': z.strictObject({
    archive,
    shelf: shelf.optional(),
    runIds: runIds.optional(),
    field: z.string().min(1).max(100),
    /** How the value begins, in letters of either case. */
    prefix: z.string().max(1000).default(''),
  }),
  /**
   * The runs whose events this client wants from now on, instead of those it named before. With `rows`, about so many of what a
   * run measured are enough in one `run.measured`, with every extreme among them.
   */
  'run.watch': z.strictObject({ runIds: distinct(z.array(runId).max(maxWatched)), rows: z.int().min(1).optional() }),
  'run.show': z.strictObject({ runId, archive }),
  /** Which of these runs a newer version made, so that nobody can go on with them here. */
  'run.newer': z.strictObject({ runIds }),
  /** Runs over a plane of two fields in which they differ, or several planes where more fields do. */
  'run.map': z.strictObject({ runIds, archive, options: mapLookSchema.partial() }),
  'run.curves': z.strictObject({
    runIds,
    measurements: distinct(z.array(z.enum(measurementNames)).min(1).max(50)),
    fromStep: step.optional(),
    toStep: step.optional(),
    /** Most points per curve; more are reduced to the first values and the extremes of equal buckets. */
    points: z.int().min(2).max(1_000_000).optional(),
    spacing: z.enum(['linear', 'log']).optional(),
    archive,
  }),
  'run.snapshots': z.strictObject({ runId, archive }),
  'run.matrix': z.strictObject({ runId, step, matrix: z.string().min(1).max(40), archive }),
  'run.pause': z.strictObject({ runIds }),
  'run.continue': z.strictObject({ runIds }),
  'run.cancel': z.strictObject({ runIds }),
  'run.resume': z.strictObject({ runIds }),
  'run.extend': z.strictObject({ runIds, steps: z.int().min(1) }),
  'run.branch': z.strictObject({
    runId,
    step,
    spec: specification,
    tags: distinct(z.array(tag).max(50)).default([]),
    backend,
  }),
  'run.rerun': z.strictObject({ runIds }),
  'run.rename': z.strictObject({ runId, name: plainText(z.string().trim().min(1).max(200)) }),
  'run.annotate': z.strictObject({ runId, notes: plainText(z.string().max(100_000), { allowed: '\n\t' }) }),
  'run.tag': z.strictObject({ changes: z.array(tagChange).min(1).max(20_000) }),
  'run.move': z.strictObject({ moves: z.array(move).min(1).max(3) }),
  'run.purge': z.strictObject({ runIds }),
  'run.export': z.strictObject({ runId, format: z.string().min(1).max(20), archive }),
  'run.exportFormats': z.strictObject({}),

  'analysis.compute': z.strictObject({
    runId,
    step,
    kind: z.enum(analysisKinds),
    options: z.record(z.string(), z.unknown()).default({}),
    archive,
    /** With it in a process of its own, which can be ended. */
    computation: computation.optional(),
  }),
  /** What was asked under this name answers CANCELLED; one that has ended is let pass. */
  'computation.cancel': z.strictObject({ computation }),

  'paper.list': z.strictObject({ measure: z.boolean().optional() }),
  'paper.run': z.strictObject({
    figure,
    integrator,
    /** Whether experiments whose runs are all finished are passed over. */
    missingOnly: z.boolean().default(false),
    /** What computes the runs that begin; without it, what the host chooses. */
    backend,
    /** As of `experiment.submitAll`. */
    watch: z.boolean().default(false),
  }),
  /** Of its newest runs, or of those that are named. */
  'paper.show': z.strictObject({ figure, runIds: runIds.optional(), integrator }),
  /** The panels of a figure that follow its sliders, at values that are not the paper's. */
  'paper.explore': z.strictObject({
    figure,
    setting: z.record(z.string().min(1).max(60), z.number()),
    /** With it the runs are simulated too, in a process of its own, which can be ended; else it is theory alone. */
    computation: computation.optional(),
  }),

  /** One's own archive. */
  'archive.describe': z.strictObject({}),
  'archive.list': z.strictObject({}),
  /** Those that are not open yet. */
  'archive.openings': z.strictObject({}),
  'archive.choose': z.strictObject({}),
  'archive.open': z.strictObject({ path: filePath }),
  'archive.close': z.strictObject({ archive: z.string().min(1).max(100) }),
  'archive.export': z.strictObject({ runIds }),
  'figure.pdf': z.strictObject({ name: z.string().max(1000), drawing }),
  /** As SVG, its words as outlines of the faces that PDF has. */
  'figure.outlined': z.strictObject({ drawing }),
  /** A script for matplotlib that draws a figure again, and its data; the figure as `compositionSchema` has it. */
  'figure.script': z.strictObject({ figure: specification }),
  'archive.import': z.strictObject({ archive: z.string().min(1).max(100), runIds: runIds.optional() }),

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
  /** Runs of the archive with the next seeds of a cell; the folder stays as it is. */
  'sweep.addSeeds': z.strictObject({ sweep, cell: z.int().min(0), count: z.int().min(1).max(100) }),
  /** Computes what is missing, on this machine. */
  'sweep.run': z.strictObject({ sweep }),
  /** Its runs are saved; it goes on with `sweep.run`. */
  'sweep.pause': z.strictObject({ sweep }),
  /** Takes the runs that have ended into the archive; with `partial` also those that have begun, as far as they are. */
  'sweep.collect': z.strictObject({ sweep, partial: z.boolean().default(false) }),
  /** The archive knows its folder no longer; the folder stays as it is. */
  'sweep.forget': z.strictObject({ sweep }),

  /**
   * Begins to compute the plane of a sweep in memory alone, coarser first, for as long as somebody asks for it. Of each cell as many
   * seeds as `leastSeeds`, then more in the rows across which the boundary is not known to within a cell, up to those of the sweep. Another
   * one that it takes the place of ends at once; runs that both have are not computed again.
   */
  'liveMap.begin': z.strictObject({
    liveMap,
    replaces: liveMap.optional(),
    spec: specification,
    leastSeeds: z.int().min(1).max(1000).default(1),
    on: z.enum(livePlaces).default('here'),
  }),
  /** Answers once there is something that is newer than the reading `after`, or after a while. */
  'liveMap.runs': z.strictObject({ liveMap, after: z.int().min(0) }),
  /** What some of its runs measured; those that have not ended come next. */
  'liveMap.curves': z.strictObject({
    liveMap,
    runIds: distinct(z.array(runId).min(1).max(1000)),
    measurements: distinct(z.array(z.enum(measurementNames)).min(1).max(50)),
  }),
  /** Makes a sweep of it, under a name of its own or another: what has ended is not computed again. */
  'liveMap.keep': z.strictObject({ liveMap, name: plainText(z.string().trim().min(1).max(200)).optional() }),
  /** Held, only what is looked at is computed. */
  'liveMap.hold': z.strictObject({ liveMap, hold: z.boolean() }),
  'liveMap.end': z.strictObject({ liveMap }),
} as const

/** A list whose entries count once, however often they stand in it. */
function distinct<Entry extends z.ZodType>(entries: z.ZodArray<Entry>) {
  return entries.transform((given) => [...new Set(given)])
}

export type RequestName = keyof typeof requests
/** What a caller writes (defaults may be left out), and what a handler receives. */
export type RequestInput<Name extends RequestName> = z.input<(typeof requests)[Name]>
export type RequestData<Name extends RequestName> = z.output<(typeof requests)[Name]>

/** A file that a host hands out; the renderer saves it. */
export interface FileData {
  name: string
  mediaType: string
  bytes: Uint8Array
}

/** A file that a run can be saved as. */
export interface ExportFormatWords {
  name: string
  label: string
  ending: string
  /** What a run must have that there is something to save. */
  needs?: FacetPath
  about: string
}

export interface Submission {
  experimentId: string
  runIds: string[]
  /** What a person should know of a start that was read from a file. */
  warnings?: string[]
}

export interface OpenArchive {
  id: string
  path: string
  runs: number
}

/** An archive of an earlier version, which is brought to the newest one before it is open. */
export interface ArchiveOpening {
  /** What `archive.close` takes, to cancel it; null of one's own. */
  id: string | null
  path: string
  /** Whether that is done in a copy, as the file is only read. */
  isCopied: boolean
  from: number
  to: number
  /** Null while the copy is being made. */
  runs: number | null
  /** From 0 to 1. */
  share: number
  /** Why it cannot be opened. */
  error: ErrorRecord | null
}

/** A figure's card: its description, and what its newest runs have come to. */
export interface FigureCard extends FigureDescription {
  runIds: string[]
  state: 'notRun' | 'running' | 'ready'
  estimate: CostEstimate | null
  result: FigureResult | null
}

/** A value that runs have of a field, and how many of them. */
export interface RunValueCount {
  value: string
  count: number
}

export const maxRunValues = 50
export const maxRunIds = 20_000

export type TagChange = z.output<typeof tagChange>
export type RunMove = z.output<typeof move>

/** The runs of a host that have not ended. */
export interface RunQueue {
  /** Whether all of it is paused. */
  isHeld: boolean
  slots: number
  running: QueuedRun[]
  /** The first of those that wait. */
  waiting: QueuedRun[]
  /** How many wait. */
  total: number
}

export interface QueuedRun {
  run: RunSummary
  /** Until it begins, 0 where it has begun; null where that is not foreseen. */
  startsInSeconds: number | null
  /** Until it ends; null where that is not foreseen. */
  endsInSeconds: number | null
}

export interface RunCurves {
  runId: string
  curves: Partial<Record<MeasurementName, Curve>>
}

export interface Estimation {
  problems: SpecificationProblem[]
  spec: ExperimentSpec | null
  /** Of one run; all runs of the experiment take `wallSeconds` on this machine, null where its speed is not yet measured. */
  estimate: CostEstimate | null
  wallSeconds: number | null
}

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
  /** Of one core, in all, by what the runs of the sweep took. */
  coreSeconds: number
  /** Of this machine, on all its slots. */
  wallSeconds: number
}

export const sweepStates = ['computing', 'open', 'complete', 'unreadable'] as const
/** `open`: runs are missing, and this host does not compute them. */
export type SweepState = (typeof sweepStates)[number]

/** What has become of a run of a sweep, by its journals; `begun` of one that has not ended. */
export const sweepRunStates = ['waiting', 'begun', 'finished', 'failed'] as const
export type SweepRunState = (typeof sweepRunStates)[number]

export interface SweepSummary {
  id: string
  /** Of its folder. */
  path: string
  name: string
  /** Its runs in the archive are tagged `sweep:KEY`. */
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
  /** Null where nothing was seen to end yet. */
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

/** A live map as it is, and those of its runs that are another than before. */
export interface LiveMapReading {
  revision: number
  /** As lists have them; facets are those that the axes set. */
  runs: RunSummary[]
  /** Runs that were asked for, those that have ended, and those among them that failed. */
  wanted: number
  ended: number
  failed: number
  /** Of the cell with the most. */
  seeds: number
  /** The GPU that computes it; null where the processor does. */
  gpu: string | null
  isDone: boolean
  /** Where half of the seeds generalize, along the axis on which more rows have such a place; null until a seed of every cell has ended. */
  boundary: MapBoundary | null
  /** Rows with a boundary, and those among them in which its band is not narrower than a cell. */
  rows: number
  wideRows: number
}

export interface Responses {
  'machine.describe': MachineDescription
  'machine.benchmark': BackendTiming[]

  'experiment.estimate': Estimation
  'dataset.describe': { content: DatasetContent; warnings: string[] }
  'experiment.submit': Submission
  'experiment.submitAll': Submission[]

  'queue.show': RunQueue
  'queue.move': null
  'queue.hold': null

  /** `total` is how many there are, `runs` the first of them. */
  'run.list': { runs: RunSummary[]; total: number }
  'run.table': RunTablePage
  /** At most `mostRunIds`, beyond that TOO_LARGE; `groups` has the key of the group of each. */
  'run.ids': { runIds: string[]; groups: string[] }
  'run.differing': { columns: FacetPath[] }
  'run.values': RunValueCount[]
  'run.watch': null
  'run.show': CheckedRun
  'run.newer': { runIds: string[] }
  'run.map': MapPanel[]
  'run.curves': RunCurves[]
  'run.snapshots': SnapshotDescription[]
  'run.matrix': MatrixData
  'run.pause': null
  'run.continue': null
  'run.cancel': null
  'run.resume': null
  'run.extend': null
  'run.branch': Submission
  'run.rerun': Submission
  'run.rename': null
  'run.annotate': null
  /** What undoes it. */
  'run.tag': { changes: TagChange[] }
  'run.move': { moves: RunMove[] }
  'run.purge': null
  'run.export': FileData
  'run.exportFormats': ExportFormatWords[]

  'analysis.compute': AnalysisResult
  'computation.cancel': null

  'paper.list': FigureCard[]
  /** What is computed now, and runs of experiments that were passed over. */
  'paper.run': { begun: Submission[]; finished: string[] }
  'paper.show': FigureResult
  'paper.explore': LinePanel[]

  'archive.describe': { path: string; readOnly: boolean }
  'archive.list': OpenArchive[]
  'archive.openings': ArchiveOpening[]
  /** The path a person chose in the host's dialog; null where they did not, or where the host has no dialog. */
  'archive.choose': { path: string | null; hasDialog: boolean }
  'archive.open': OpenArchive
  'archive.close': null
  'archive.export': FileData
  /** With the letters that no font of the host has. */
  'figure.pdf': FileData & { missing: string[] }
  'figure.script': FileData[]
  'figure.outlined': { bytes: Uint8Array; missing: string[] }
  /** Runs that are not what was stored of them, or that a newer version made, are refused, each with the reason. */
  'archive.import': { imported: number; alreadyPresent: number; refused: { runId: string; findings: string[] }[] }

  /** A forecast, or why there is none: paths are those of the sweep, of what is wrong with a cell that of the axis which sets it. */
  'sweep.plan': { problems: SpecificationProblem[]; forecast: SweepForecast | null }
  'sweep.create': SweepSummary
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
  /** Of the runs of the sweep; of those that are `open`, `partial` were taken as far as they are, and beside `beside` others lies one that was resumed. */
  'sweep.collect': { taken: number; present: number; open: number; begun: number; partial: number; beside: number }
  'sweep.forget': null

  /** Where anything is wrong, what was computed before goes on; paths are those of the sweep. */
  'liveMap.begin': { problems: SpecificationProblem[] }
  'liveMap.runs': LiveMapReading
  /** Of those that have ended. */
  'liveMap.curves': RunCurves[]
  /** Of the runs of the sweep so many were taken over. */
  'liveMap.keep': { sweep: SweepSummary; taken: number }
  'liveMap.hold': null
  'liveMap.end': null
}

/** Asks a host, wherever it is; throws the `LabError` that it answers with. */
export type HostRequest = <Name extends RequestName>(name: Name, input: RequestInput<Name>) => Promise<Responses[Name]>

/**
 * What a host tells every renderer, without being asked. State, not commands. Of single runs it tells those who watch
 * them (`run.watch`).
 */
export interface HostEvents {
  /** That something of these runs is another than before, or is new; null for many. At most five times a second. */
  'runs.touched': { runIds: string[] | null }
  /** Runs that are new, or whose summaries changed; those that one request changed come together. */
  'run.changed': RunSummary[]
  'run.removed': { runIds: string[] }
  /** What is done for a run that is about to begin; null where that is over. */
  'run.preparing': { runId: string; preparation: Preparation | null }
  'run.progress': {
    runId: string
    step: number
    steps: number
    tau: number
    stepsPerSecond: number
    secondsLeft: number
  }
  /** New measured rows, in order, or those that stand for them; sent at most twenty times a second for each run. */
  'run.measured': {
    runId: string
    step: Float64Array
    tau: Float64Array
    seconds: Float64Array
    values: Partial<Record<MeasurementName, Float64Array>>
  }
  'run.snapshotSaved': { runId: string; snapshot: SnapshotDescription }
  'run.event': { runId: string; name: RunEventName; step: number; tau: number; value: number }
  'paper.changed': { figure: FigureId }
  /** How far a long computation is; of how much is null where nobody can say. */
  'computation.progress': { computation: string; done: number; of: number | null }
  'machine.load': { running: number; queued: number; slots: number }
  'archive.changed': OpenArchive[]
  /** All archives that are not open yet, as far as each is. */
  'archive.openings': ArchiveOpening[]
  /** That something of a sweep is another than before; at most twice a second for each. */
  'sweep.changed': { sweep: string; isComputing: boolean }
}
export type HostEventName = keyof HostEvents

/** One handler for every request; leaving one out does not compile. */
export type Handlers = {
  [Name in RequestName]: (data: RequestData<Name>) => Promise<Responses[Name]> | Responses[Name]
}

/** Those that answer every client alike. */
export type SharedHandlers = Omit<Handlers, 'run.watch'>
