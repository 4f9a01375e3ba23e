import type { ExperimentInput } from '../../../shared/experiment.ts'
import type { MeasurementName } from '../../../shared/measurements.ts'
import type { Claim, FigureDescription, FigureOptions, FigureResult, RecordedRun } from '../../../shared/paper.ts'

/** One figure of the paper: what to run, and what to read off the runs. One file per figure. */
export interface PaperFigure extends Omit<FigureDescription, 'experiments'> {
  /** The curves and snapshots that `evaluate` reads. */
  readonly needs: { measurements: readonly MeasurementName[]; snapshots: 'none' | 'firstAndLast' | 'all' }
  experiments(options: FigureOptions): ExperimentInput[]
  /** Claims with verdicts, and the panels, from whatever runs are there (also unfinished ones, or none). */
  evaluate(runs: readonly RecordedRun[], options: FigureOptions): Omit<FigureResult, 'figure'>
}

export interface Range {
  least?: number
  most?: number
}

/** A claim that all values lie in a range (ends included); pending where there is no value. */
export function rangeClaim(
  id: string,
  text: string,
  source: string,
  values: readonly number[],
  range: Range,
  format: (value: number) => string = threeDecimals,
): Claim {
  const holds = values.every((value) => value >= (range.least ?? -Infinity) && value <= (range.most ?? Infinity))
  const low = format(Math.min(...values))
  const high = format(Math.max(...values))
  return {
    id,
    text,
    measured: values.length === 0 ? 'pending' : low === high ? low : `${low} … ${high}`,
    expected: describeRange(range, format),
    verdict: values.length === 0 ? 'pending' : holds ? 'holds' : 'outside',
    source,
  }
}

/** The value of a curve at a step; undefined where the run has not come that far or did not measure there. */
export function valueAtStep(run: RecordedRun, name: MeasurementName, step: number): number | undefined {
  const at = run.curves.step.indexOf(step)
  const value = at < 0 ? undefined : run.curves[name]?.[at]
  return value === undefined || Number.isNaN(value) ? undefined : value
}

export function threeDecimals(value: number): string {
  return value.toFixed(3)
}

export function threeDigits(value: number): string {
  return value.toPrecision(3)
}

export function wholeNumber(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'never'
}

/** A range in words: `0.50 … 0.98`, `≥ 0.98`, `≤ 0.05`. */
export function describeRange({ least, most }: Range, format: (value: number) => string): string {
  if (least !== undefined && most !== undefined) {
    return least === most ? format(least) : `${format(least)} … ${format(most)}`
  }
  if (least !== undefined) return `≥ ${format(least)}`
  return `≤ ${format(most ?? NaN)}`
}
