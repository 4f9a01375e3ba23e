import { z } from 'zod'
import { mapLookSchema } from '../map/mapLook.ts'
import type { MatrixData } from '../matrix.ts'
import { type MeasurementName, measurementNames } from '../measurements.ts'
import type { MapPanel } from '../panel.ts'
import { plainText } from '../plainText.ts'
import type { Preparation } from '../preparation.ts'
import { runColumns } from '../query/runColumns.ts'
import { groupings, type RunTablePage } from '../query/runTable.ts'
import {
  type CheckedRun,
  type Curve,
  type RunEventName,
  runStatuses,
  type RunSummary,
  type SnapshotDescription,
} from '../run.ts'
import type { FacetPath } from '../specification/facets.ts'
import type { FileData } from './archives.ts'
import type { Submission } from './experiments.ts'
import {
  archive,
  backend,
  distinct,
  figure,
  filter,
  maxWatched,
  runId,
  runIds,
  shelf,
  specification,
  step,
  tag,
  watch,
} from './inputs.ts'

/** Tags of older archives may hold what a new one may not. */
const knownTag = z.string().trim().min(1).max(60)
const tagChange = z.strictObject({
  runIds,
  add: distinct(z.array(tag).max(50)).default([]),
  remove: distinct(z.array(knownTag).max(50)).default([]),
})
const move = z.strictObject({ runIds, to: shelf })
const column = z.enum(runColumns.map(({ id }) => id))
const sort = z.strictObject({ by: column, descending: z.boolean().default(false) })
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
/** Points that one answer to `run.curves` holds at most, over all its curves: 32 bytes each. */
export const maxCurvePoints = 8_000_000
export const maxRunValues = 50
export const maxRunIds = 20_000

/** Of runs: lists of them, what they measured, and what is done to them. */
export const runRequests = {
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
  /** What runs have of a field of filters, the most frequent first: at most `maxRunValues`. */
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
    /**
     * Most points per curve; more are reduced to the first values and the extremes of equal buckets. Where all together would be
     * too many for an answer they share its room; without it every row is wanted, and refused where they are too many.
     */
    points: z.int().min(2).max(1_000_000).optional(),
    spacing: z.enum(['linear', 'log']).optional(),
    archive,
  }),
  'run.snapshots': z.strictObject({ runId, archive }),
  'run.matrix': z.strictObject({ runId, step, matrix: z.string().min(1).max(40), archive }),
  'run.pause': z.strictObject({ runIds }),
  'run.continue': z.strictObject({ runIds }),
  'run.cancel': z.strictObject({ runIds }),
  'run.resume': z.strictObject({ runIds, watch }),
  'run.extend': z.strictObject({ runIds, steps: z.int().min(1), watch }),
  'run.branch': z.strictObject({
    runId,
    step,
    spec: specification,
    tags: distinct(z.array(tag).max(50)).default([]),
    backend,
  }),
  'run.rerun': z.strictObject({ runIds }),
  'run.rename': z.strictObject({ runId, name: plainText(z.string().trim().min(1).max(200)) }),
  'run.annotate': z.strictObject({
    runId,
    notes: plainText(z.string().max(100_000), { allowed: '\n\t' }),
    /** What they were written from, which an archive from elsewhere may have otherwise than it is allowed here. */
    before: z.string().max(1_000_000),
  }),
  'run.tag': z.strictObject({ changes: z.array(tagChange).min(1).max(20_000) }),
  'run.move': z.strictObject({ moves: z.array(move).min(1).max(3) }),
  'run.purge': z.strictObject({ runIds }),
  'run.export': z.strictObject({ runId, format: z.string().min(1).max(20), archive }),
  'run.exportFormats': z.strictObject({}),
} as const

/** A file that a run can be saved as. */
export interface ExportFormatWords {
  name: string
  label: string
  ending: string
  /** What a run must have that there is something to save. */
  needs?: FacetPath
  about: string
}

/** A value that runs have of a field, and how many of them. */
export interface RunValueCount {
  value: string
  count: number
}

export type TagChange = z.output<typeof tagChange>

export type RunMove = z.output<typeof move>

export interface RunCurves {
  runId: string
  curves: Partial<Record<MeasurementName, Curve>>
}

export interface RunResponses {
  /** `total` is how many there are, `runs` the first of them. */
  'run.list': { runs: RunSummary[]; total: number }
  'run.table': RunTablePage
  /** At most `maxRunIds`, beyond that TOO_LARGE; `groups` has the key of the group of each. */
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
  /** What stands there now: where the notes were not those before any more, these and the new ones. */
  'run.annotate': { notes: string }
  /** What undoes it. */
  'run.tag': { changes: TagChange[] }
  'run.move': { moves: RunMove[] }
  'run.purge': null
  'run.export': FileData
  'run.exportFormats': ExportFormatWords[]
}

export interface RunEvents {
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
}
