import { z } from 'zod'
import { measurementNames } from '../measurements.ts'
import type { MapBoundary } from '../panel.ts'
import type { SpecificationProblem } from '../parseInput.ts'
import { plainText } from '../plainText.ts'
import type { RunSummary } from '../run.ts'
import { distinct, runId, specification } from './inputs.ts'
import type { RunCurves } from './runs.ts'
import type { SweepSummary } from './sweeps.ts'

/** What a client calls a live map of its own. */
const liveMap = z.string().min(1).max(100)
/** Cells of a live map, and how long it goes on without being asked for. */
export const maxLiveCells = 4096
export const liveMapMilliseconds = 60_000
/** What computes it: the processor, or the GPU of this machine. */
export const livePlaces = ['here', 'gpu'] as const

/** Of planes that are computed in memory. */
export const liveMapRequests = {
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

export type LivePlace = (typeof livePlaces)[number]

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

export interface LiveMapResponses {
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
