import { z } from 'zod'
import { statistics, type Statistic } from './cellStatistics.ts'

/** A field at a value, as a person writes it. */
export interface SliceValue {
  field: string
  value: string
}

const stepCount = z.int().min(1)

/** What tells the phases of learning apart. */
export const phaseThresholds = z.strictObject({
  /** Steps between memorizing and generalizing from which on it is grokking. */
  delay: stepCount,
  /** Steps within which both have to come; all that a run has where it is absent. */
  within: stepCount.optional(),
})
export type PhaseThresholds = z.output<typeof phaseThresholds>

/**
 * Liu et al. 2022 (arXiv:2205.10343) name the phases. The numbers are quoted, not verified: accuracies of 90 % within 10⁵ steps,
 * and a delay of 10³ steps. Here the accuracies are those of the run (`record.memorizeThreshold`, `record.generalizeThreshold`).
 */
export const usualThresholds: PhaseThresholds = { delay: 1000 }

/** In which fields some runs differ, and how they are drawn where nothing else is said. */
export interface MapPlane {
  fields: readonly string[]
  map?: { x: string; y: string; color?: string | undefined } | undefined
}

/** What of a sweep is looked at along one axis; what is not said is as its specification has it. */
export interface LineOptions {
  x?: string
  /** A number of runs. */
  color?: string
  /** Values that fields stand at: a slice where there are more axes than are drawn. */
  at?: readonly SliceValue[]
}

/** The same in a plane. */
export interface MapOptions extends LineOptions {
  y?: string
  /** A number of runs, or `phase`. */
  color?: string
  /** `exponent` is that of the medians along the horizontal axis. */
  statistic?: Statistic | 'exponent'
  thresholds?: Partial<PhaseThresholds>
  /** The axis along which it is drawn where half of the seeds generalize, or do what the color says. */
  boundary?: 'x' | 'y'
}

/** What a map is colored by: as it is asked, else as its plane says. */
export function colorOfMap({ map }: MapPlane, { color }: Pick<MapOptions, 'color'>): string {
  return color ?? map?.color ?? 't_grok'
}

/** The plane whose cells a round of refinement goes by, and what tells their phases apart. */
export type RoundOptions = Pick<MapOptions, 'x' | 'y' | 'thresholds'>

/** Statistics of a map, those that are drawn by the laboratory among them. */
export const mapStatistics = [...statistics, 'exponent'] as const
