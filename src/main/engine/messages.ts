import type { Analyses, AnalysisInput, AnalysisKind } from '../../shared/analysis.ts'
import type {
  BenchmarkCase,
  CaseTiming,
  GpuCase,
  GpuStepCounts,
  GpuStepTiming,
  ProblemSize,
} from '../../shared/benchmark.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import type { RunSpec, TrainingSpec } from '../../shared/experiment.ts'
import type { Precision } from '../../shared/specification/limits.ts'
import type { Change } from '../../shared/specification/paths.ts'
import type { BackendDescription, BackendKind, TensorFlowDescription } from '../../shared/machine.ts'
import type { Claim, FigureDescription, FigureOptions, FigureResult, RecordedRun } from '../../shared/papers/figure.ts'
import type { LinePanel, MapPanel } from '../../shared/panel.ts'
import type { FigureSetting } from '../../shared/papers/figureSetting.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import type { MapComparison, NamedRuns } from '../../shared/map/mapComparison.ts'
import type { LineOptions, MapOptions, MapPlane, RoundOptions } from '../../shared/map/mapOptions.ts'
import type { Preparation } from '../../shared/preparation.ts'
import type { InitialState, RunEvent, RunSummary, Snapshot } from '../../shared/run.ts'
import type { SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import type { TunedTable } from '../../shared/tilingTable.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'

/** Which arithmetic runs are to use, as a person asks for it. */
export interface BackendRequest {
  kind: 'auto' | BackendKind
  /** Without it, as many as are fastest. */
  threads?: number
  /** Of a run that goes on: the description of what has computed it, which is taken again where it is here. */
  device?: string
}

/** The arithmetic of one run, settled. */
export interface BackendSelection {
  kind: Exclude<BackendRequest['kind'], 'auto'>
  /** Path of the BLAS library. */
  library?: string
  threads: number
  /** Why this one; stored with the run. */
  reason: string
}

/** What the choice of arithmetic depends on. */
export interface ChoiceRequest {
  backend: BackendRequest
  size: ProblemSize
  multiplyAddsPerStep: number
  precision: Precision
  /** Threads that it may use where none are asked for. */
  maxThreads: number
  /** Folder where the worker remembers what it measured on this machine; without it, it does not. */
  cacheFolder: string | undefined
}

/** Everything a worker needs to do a run, or to go on with one. */
export interface RunJob {
  runId: string
  spec: RunSpec
  backend: BackendSelection
  initial?: InitialState
  dataset?: Dataset
  resumeFrom?: Snapshot
  firstSequence: number
  secondsBefore: number
  keepsCheckpoints?: boolean
}

/** A case to time on one backend. */
export interface TimingRequest {
  backend: Omit<BackendSelection, 'reason'>
  case: BenchmarkCase
  repetitions: number
}

/** Short work a host asks of a worker outside any run, by name. */
export interface LabCalls {
  'paper.figures': { input: FigureOptions; output: FigureDescription[] }
  'paper.needs': {
    input: { figure: FigureId }
    output: { measurements: RecordedMeasurements; snapshots: 'none' | 'firstAndLast' | 'all' }
  }
  'paper.evaluate': { input: { figure: FigureId; runs: RecordedRun[]; options: FigureOptions }; output: FigureResult }
  'paper.explore': {
    input: { figure: FigureId; setting: FigureSetting; isSimulated: boolean }
    output: LinePanel[]
  }
  /** The plane of a sweep, or several beside one another. */
  'map.draw': { input: { plane: MapPlane; runs: RunSummary[]; options: MapOptions }; output: MapPanel[] }
  /** Two sweeps over one plane, cell by cell. */
  'map.compare': {
    input: { plane: MapPlane; sides: [NamedRuns, NamedRuns]; options: MapOptions }
    output: MapComparison
  }
  /** The runs of a sweep along an axis, and the power laws that they follow, in words. */
  'map.lines': {
    input: { spec: SweepSpec; runs: RunSummary[]; options: LineOptions }
    output: { panel: LinePanel; laws: string[] }
  }
  /** Cells that are worth adding to a map. */
  'map.refine': {
    input: { spec: SweepSpec; runs: RunSummary[]; options: RoundOptions }
    output: { like: string; changes: readonly Change[] }[]
  }
  /** Of a sweep to begin with, by its name. */
  'preset.claims': { input: { preset: string; runs: RunSummary[] }; output: Claim[] }
  'analysis.compute': { input: AnalysisInput; output: Analyses[AnalysisKind]['result'] }
  /** Which training samples the steps from one to before another are taken on, a row for each. */
  'training.batches': {
    input: { batch: NonNullable<TrainingSpec['batch']>; samples: number; seed: number; from: number; to: number }
    output: Int32Array
  }
  /** The name of the GPU that is to compute such runs, many at once. */
  'gpu.admit': { input: { specs: RunSpec[] }; output: string }
  'machine.backends': { input: Pick<ChoiceRequest, 'cacheFolder' | 'maxThreads'>; output: BackendDescription[] }
  'machine.tensorflow': { input: Record<string, never>; output: TensorFlowDescription }
  'machine.choose': { input: ChoiceRequest; output: BackendSelection }
  /** What `lab` asks of a process of its own, and its report; nobody between reads them. */
  'machine.probe': { input: unknown; output: unknown }
  /** Seconds that a step of a run takes; null where it fails before its first. */
  'run.time': { input: { spec: RunSpec; backend: BackendSelection }; output: number | null }
  'machine.time': { input: TimingRequest; output: CaseTiming }
  'machine.countGpuStep': { input: GpuCase; output: GpuStepCounts }
  'machine.tuneGpu': { input: { runs: RunSpec[] }; output: TunedTable }
  'machine.timeGpuStep': { input: GpuCase; output: GpuStepTiming }
}
type RecordedMeasurements = Exclude<keyof RecordedRun['curves'], 'step' | 'tau'>[]
export type LabCallName = keyof LabCalls

/** What a host wants of a GPU that computes many runs at once. */
export interface GpuWish {
  /** In the order in which they are wanted. */
  runs: readonly { key: string; spec: RunSpec }[]
  /** How many messages of runs that had ended it has heard by now. */
  heard: number
}

export type RunControl = 'pause' | 'continue' | 'cancel'

export type ToWorker =
  | { type: 'run'; job: RunJob }
  /** To the run that is computed; a worker without one lets it pass. */
  | { type: RunControl }
  | ({ type: 'gpuWant' } & GpuWish)
  | { type: 'call'; id: number; name: LabCallName; input: unknown }
  | { type: 'probed'; id: number; outcome: ProbeOutcome }

/** Which backend is to be tried; with what, `lab` alone reads. */
export interface ProbedBackend {
  readonly kind: BackendKind
}

/** What came of a process that tried a backend: its report, or how it ended without one; and the end of what it wrote. */
export type ProbeOutcome =
  | { report: unknown; lastWords: string }
  | { ended: { code: number | null; signal: string | null; lastWords: string } }
  | { timedOut: true }

export type FromWorker =
  /** With `settled` at the end of the last, the worker is ready for another run, and tells how large it is. */
  | { type: 'events'; events: RunEvent[]; residentBytes?: number }
  /** How far a call is; of how much is null where nobody can say. */
  | { type: 'progress'; id: number; done: number; of: number | null }
  | { type: 'result'; id: number; result: { ok: true; data: unknown } | { ok: false; error: ErrorRecord } }
  /** What is done before the first event of the run. */
  | { type: 'preparing'; preparation: Preparation }
  /** The run could not be done for a reason outside it: a start that does not fit, a missing backend, a defect. */
  | { type: 'refused'; error: ErrorRecord }
  /** Runs of a GPU that have ended, with all that each told; one that could not begin; and that none of them can go on. */
  | { type: 'gpuEnded'; runs: RunEvent[][] }
  | { type: 'gpuRefused'; runId: string; error: ErrorRecord }
  | { type: 'gpuLost'; error: ErrorRecord }
  /** A worker that cannot start processes itself wants a backend tried in one, for so many milliseconds. */
  | { type: 'probe'; id: number; request: ProbedBackend; timeout: number }
