import type { ErrorCode } from '../errors.ts'
import type { ExperimentInput, RunSpec } from '../experiment.ts'
import type { IntegratorSpec } from '../dynamics/integrators.ts'
import type { MeasurementName } from '../measurements.ts'
import type { PlotPanel } from '../panel.ts'
import type { FigureSlider } from './figureSetting.ts'
import type { FigureId } from './papers.ts'
import type { RunMoments, RunStatus, Snapshot } from '../run.ts'

/** What a card shows of a figure before anything is run. */
export interface FigureDescription {
  id: FigureId
  /** "Fig. 6", or "Beyond the paper". */
  number: string
  title: string
  /** What must be seen, in one or two sentences. */
  summary: string
  source: string
  /** The figure whose runs this one draws; then it has no experiments of its own. */
  usesRunsOf?: FigureId
  /** Whether its experiments may be integrated otherwise than the paper's. */
  takesIntegrator?: true
  experiments: ExperimentInput[]
  /** Those of its parameters that may be moved away from the paper's values. */
  sliders: FigureSlider[]
}

/** What `reproduce` may change in a figure's experiments. */
export interface FigureOptions {
  integrator?: IntegratorSpec['kind']
}

/** A run as a figure reads it: whole curves, and the snapshots the figure asked for. */
export interface RecordedRun {
  runId: string
  spec: RunSpec
  status: RunStatus
  /** Why it failed, where it did. */
  code: ErrorCode | null
  curves: { step: Float64Array; tau: Float64Array } & Partial<Record<MeasurementName, Float64Array>>
  events: RunMoments
  snapshots: Snapshot[]
  train: Int32Array
}

/**
 * What came of a claim once every run of its figure is finished. `holds`: as stated. `not held`: the runs contradict what
 * the paper states. `outside`: a value that the paper does not give lies outside the range that this laboratory had
 * fixed for it. Before that, `pending`, whatever was measured so far.
 */
export const verdicts = ['holds', 'not held', 'outside', 'pending'] as const
export type Verdict = (typeof verdicts)[number]
export type DeclaredVerdict = Exclude<Verdict, 'pending'>

/** A run that a claim or a figure needs: how far it came, and how far it must. */
export interface RunEvidence {
  /** Of the run; null where there is none. */
  runId: string | null
  experiment: string
  seed: number
  status: RunStatus | 'missing'
  /** Why it failed, where it did. */
  code: ErrorCode | null
  step: number
  neededStep: number
}

/** What a claim rests on: how many of the runs it needs have come as far as it needs. */
export interface Evidence {
  reached: number
  needed: number
  runs: RunEvidence[]
}

/** One statement of a figure, measured. */
export interface Claim {
  id: string
  text: string
  /** Of a pending claim, so far; null where nothing was measured yet. */
  measured: string | null
  expected: string
  /** The same as numbers: each value (NaN where a run gave none), and the range they are to lie in, ends included. */
  values: number[]
  range: { min?: number; max?: number }
  verdict: Verdict
  /** The verdict that the figure expects, and why, where that is not `holds`. */
  declared: DeclaredVerdict
  reason?: string
  source: string
  evidence: Evidence
}

export interface FigureResult {
  figure: FigureId
  /** Every run that the figure needs, to its end. */
  runs: RunEvidence[]
  claims: Claim[]
  panels: PlotPanel[]
}

export function isAsDeclared({ verdict, declared }: Claim): boolean {
  return verdict === declared
}

export function countVerdicts(claims: readonly Claim[]): Record<Verdict, number> {
  const counts = { holds: 0, 'not held': 0, outside: 0, pending: 0 }
  for (const { verdict } of claims) counts[verdict] += 1
  return counts
}

/** Runs that ended before their last step, or are not there: what a figure waits for in vain until they are resumed. */
export function stoppedRuns(runs: readonly RunEvidence[]): RunEvidence[] {
  return runs.filter(({ status }) => ['failed', 'cancelled', 'interrupted', 'missing'].includes(status))
}
