import type { ExperimentInput, ExperimentSpec, IntegratorSpec } from './experiment.ts'
import type { MeasurementName } from './measurements.ts'
import type { Panel } from './panel.ts'
import type { RunEventName, RunStatus, Snapshot } from './run.ts'

export const figureIds = ['fig1', 'fig2', 'fig3', 'fig4', 'fig5', 'fig6', 'fig7', 'theory'] as const
export type FigureId = (typeof figureIds)[number]

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
  experiments: ExperimentInput[]
}

/** What `reproduce` may change in a figure's experiments. */
export interface FigureOptions {
  integrator?: IntegratorSpec['kind']
}

/** A run as a figure reads it: whole curves, and the snapshots the figure asked for. */
export interface RecordedRun {
  runId: string
  spec: Omit<ExperimentSpec, 'seeds'> & { seed: number }
  status: RunStatus
  curves: { step: Float64Array; tau: Float64Array } & Partial<Record<MeasurementName, Float64Array>>
  events: { name: RunEventName; step: number; tau: number; value: number }[]
  snapshots: Snapshot[]
  train: Int32Array
}

/** One statement of a figure, measured. `pending` until the runs that decide it are there. */
export interface Claim {
  id: string
  text: string
  /** What was measured and what is expected, as read by a person. */
  measured: string
  expected: string
  verdict: 'holds' | 'outside' | 'pending'
  source: string
}

export interface FigureResult {
  figure: FigureId
  claims: Claim[]
  panels: Panel[]
}
