import { stepsOf, type ExperimentInput, type RunSpec } from '../../../shared/experiment.ts'
import { formatFixed, formatGiven, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import type { MeasurementName } from '../../../shared/measurements.ts'
import type { LinePanel, PlotPanel } from '../../../shared/panel.ts'
import type { FigureSlider } from '../../../shared/papers/figureSetting.ts'
import type { FigureId, FigureNameOf, PaperId } from '../../../shared/papers/papers.ts'
import type { DeclaredVerdict, FigureDescription, FigureOptions, RecordedRun } from '../../../shared/papers/figure.ts'

/** One figure of a paper: what to run, and what to read off the runs. One file per figure. */
export interface PaperFigure<Id extends FigureId = FigureId> extends Omit<
  FigureDescription,
  'experiments' | 'sliders'
> {
  readonly id: Id
  /** The curves and snapshots that `evaluate` reads. */
  readonly needs: { measurements: readonly MeasurementName[]; snapshots: 'none' | 'firstAndLast' | 'all' }
  experiments(options: FigureOptions): ExperimentInput[]
  /** What is stated and drawn, from whatever runs are there (also unfinished ones, or none). `evaluateFigure` judges. */
  evaluate(runs: readonly RecordedRun[], options: FigureOptions): { statements: Statement[]; panels: PlotPanel[] }
  /** What of a figure of studies may be moved, for `exploreFigure`. */
  readonly explore?: Exploration
}

export interface Exploration {
  /** Fields that all of its experiments have at one value. */
  readonly sliders: readonly Omit<FigureSlider, 'value'>[]
  /** The panels that follow them, of runs that may have measured nothing; while a hand moves them with fewer points of theory. */
  panels(runs: readonly RecordedRun[], options: { isMoving: boolean }): LinePanel[]
}

/** All figures of a paper, each under its name. */
export type PaperFigures<Id extends PaperId> = {
  [Name in FigureNameOf<Id>]: PaperFigure<Extract<FigureId, `${Id}/${Name}`>>
}

export interface Range {
  min?: number
  max?: number
}

/** That values read off the runs all lie in a range, ends included. */
export interface Statement {
  id: string
  text: string
  source: string
  /** Whose the range is: what the `paper` says, in numbers; or a value it does not give, fixed by this `laboratory`. */
  basis: 'paper' | 'laboratory'
  /** From the runs that have come as far as `needs` says; NaN for one that has, and gave none. */
  values: readonly number[]
  range: Range
  /** Three significant digits unless told. */
  format?: (value: number) => string
  needs?: Needs
  /** Where the figure expects it not to hold: a finding. */
  declared?: { verdict: DeclaredVerdict; reason: string }
}

/** The runs that a statement is read from, all of the figure unless told, and up to which step, the last unless told. */
export interface Needs {
  of?: (spec: RunSpec) => boolean
  step?: (spec: RunSpec) => number
}

/** A value of every run that has come to a step, its last unless told; NaN where such a run has none. */
export function valuesOf(
  runs: readonly RecordedRun[],
  measure: (run: RecordedRun) => number | undefined,
  step?: number,
): number[] {
  return runs
    .filter((run) => hasReached(run, step ?? stepsOf(run.spec)))
    .map((run) => {
      const value = measure(run)
      return value === undefined || !Number.isFinite(value) ? NaN : value
    })
}

function hasReached({ curves }: RecordedRun, step: number): boolean {
  return (curves.step.at(-1) ?? -1) >= step
}

/** Runs that came to their end. */
export function finished(runs: readonly RecordedRun[]): RecordedRun[] {
  return runs.filter((run) => hasReached(run, stepsOf(run.spec)))
}

/** The value of a curve at a step; undefined where the run has not come that far or did not measure there. */
export function valueAtStep(run: RecordedRun, name: MeasurementName, step: number): number | undefined {
  const at = run.curves.step.indexOf(step)
  const value = at < 0 ? undefined : run.curves[name]?.[at]
  return value === undefined || Number.isNaN(value) ? undefined : value
}

export function threeDecimals(value: number): string {
  return formatFixed(value, 3)
}

export function threeDigits(value: number): string {
  return formatNumber(value, 3)
}

/** A range in words: `0.5 … 0.98`, `≥ 0.98`, `≤ 0.05`. */
export function describeRange({ min, max }: Range): string {
  if (min !== undefined && max !== undefined) return `${formatGiven(min)} … ${formatGiven(max)}`
  return min !== undefined ? `≥ ${formatGiven(min)}` : `≤ ${formatGiven(max ?? NaN)}`
}
