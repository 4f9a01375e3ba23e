import type { LinePanel, MapPanel } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import type { CellValue } from './cellStatistics.ts'
import type { MapQuantity } from './mapQuantity.ts'

/** Runs under the name that they have in pictures and tables. */
export interface NamedRuns {
  name: string
  runs: readonly RunSummary[]
}

/** Two sweeps over one plane or along one axis, cell by cell. */
export interface MapComparison {
  /** Maps of the first, of the second, and of how they differ; along one axis lines of both, and of how they differ. */
  panels: MapPanel[] | LinePanel[]
  /** The number that was compared, in the words of `findQuantity`; of phases, the step at which runs generalized. */
  quantity: Pick<MapQuantity, 'id' | 'isTime'>
  /** Over runs with the same values on every axis and the same seed. */
  paired: PairedComparison
  /** Runs of each of both that have ended, without a counterpart that has. */
  unpaired: [number, number]
  /**
   * Cells with a pair of runs that have ended and a phase of most seeds in both; in `changed` that is another. Those with pairs but
   * no majority in one of both are `undecided`.
   */
  phases: { cells: number; undecided: number; changed: ChangedPhase[] }
  /** Along one axis, both at each of its values, in their order; of a plane none. */
  values: ComparedValue[]
  /** Fields that no axis sets, with what both set them to where that differs; absent is null. */
  settings: { field: string; first: string | number | null; second: string | number | null }[]
}

/** Medians over the seeds that have ended in both, and phases of most. */
export interface ComparedValue {
  at: number | string
  first: CellValue
  second: CellValue
  /** How the second differs from the first, log₂ of a ratio. */
  effect: CellValue
  phases: [first: string | null, second: string | null]
}

export interface ChangedPhase {
  at: Record<string, number | string>
  first: string
  second: string
}

/** How a quantity of the second runs differs from that of the first, over pairs. */
export interface PairedComparison {
  /** Pairs of which both runs say something. */
  pairs: number
  /** Of these, those that read the same: the same number, or both beyond a bound. */
  equal: number
  /** Of a time: in how many pairs it came in both runs, in one alone, in neither. */
  came: Record<'both' | 'first' | 'second' | 'neither', number>
  /** Of the pairs in which it came in one alone, in how many the other run was given as long. */
  decided: number
  /** The exact two-sided sign test of these, the first alone against the second alone (McNemar 1947, doi 10.1007/BF02295996). */
  cameProbability: number
  /** What `median`, `low` and `high` are of: the second over the first where the scale is logarithmic, else their difference. */
  effect: 'ratio' | 'difference'
  /** NaN without a pair of which it is known which is larger. */
  median: number
  /** Between these the median lies with at least 95 %; NaN where six pairs or more would be needed. */
  low: number
  high: number
}
