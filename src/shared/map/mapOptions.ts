import { statistics, type Statistic } from './cellStatistics.ts'

/** A field at a value, as a person writes it. */
export interface SliceValue {
  field: string
  value: string
}

export interface PhaseThresholds {
  /** Steps between memorizing and generalizing from which on it is grokking. */
  delay: number
  /** Steps within which both have to come; all that a run has where it is absent. */
  within?: number
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

/** Statistics of a map, those that are drawn by the laboratory among them. */
export const mapStatistics = [...statistics, 'exponent'] as const
