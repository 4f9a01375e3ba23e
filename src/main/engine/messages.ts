import type { Analyses, AnalysisKind } from '../../shared/analysis.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import type { BackendDescription, BackendTiming } from '../../shared/machine.ts'
import type { FigureDescription, FigureId, FigureOptions, FigureResult, RecordedRun } from '../../shared/paper.ts'
import type { InitialState, RunEvent, Snapshot } from '../../shared/run.ts'

/** Which arithmetic a run is to use; `auto` lets the worker measure and choose. */
export interface BackendRequest {
  kind: 'auto' | 'plain' | 'wasm' | 'blas' | 'tensorflow'
  threads: number
  /** Folder where the worker remembers what it measured on this machine. */
  cacheFolder: string
}

/** Everything a worker needs to do a run, or to go on with one. */
export interface RunJob {
  runId: string
  spec: RunSpec
  backend: BackendRequest
  initial?: InitialState
  resumeFrom?: Snapshot
  firstSequence: number
  secondsBefore: number
}

/** What an analysis reads of a run: the spec, the split, and the snapshots of the steps it needs. */
export interface AnalysisInput {
  kind: AnalysisKind
  options: Record<string, unknown>
  spec: RunSpec
  train: Int32Array
  /** The snapshot at the asked step first; every snapshot for an analysis over steps. */
  snapshots: Snapshot[]
}

/** Short work a host asks of a worker outside any run, by name. */
export interface LabCalls {
  'paper.figures': { input: FigureOptions; output: FigureDescription[] }
  'paper.needs': {
    input: { figure: FigureId }
    output: { measurements: RecordedMeasurements; snapshots: 'none' | 'firstAndLast' | 'all' }
  }
  'paper.evaluate': { input: { figure: FigureId; runs: RecordedRun[]; options: FigureOptions }; output: FigureResult }
  'analysis.compute': { input: AnalysisInput; output: Analyses[AnalysisKind]['result'] }
  'machine.backends': { input: { cacheFolder: string }; output: BackendDescription[] }
  'machine.benchmark': { input: { cacheFolder: string }; output: BackendTiming[] }
}
type RecordedMeasurements = Exclude<keyof RecordedRun['curves'], 'step' | 'tau'>[]
export type LabCallName = keyof LabCalls

export type ToWorker =
  | { type: 'run'; job: RunJob }
  | { type: 'pause' }
  | { type: 'continue' }
  | { type: 'cancel' }
  | { type: 'call'; id: number; name: LabCallName; input: unknown }

export type FromWorker =
  | { type: 'events'; events: RunEvent[] }
  | { type: 'result'; id: number; result: { ok: true; data: unknown } | { ok: false; error: ErrorRecord } }
  /** The run could not be done for a reason outside it: a start that does not fit, a missing backend, a defect. */
  | { type: 'refused'; error: ErrorRecord }
