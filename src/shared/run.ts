import { isOutcome, type ErrorCode } from './errors.ts'
import type { RunSpec } from './experiment.ts'
import type { Precision } from './specification/limits.ts'
import type { BackendKind } from './machine.ts'
import type { MatrixData } from './matrix.ts'
import type { MeasurementName } from './measurements.ts'
import type { FigureId } from './papers/papers.ts'
import type { runEventNames } from './runEventNames.ts'
import type { Facets } from './specification/facets.ts'

export const runStatuses = ['queued', 'running', 'paused', 'finished', 'failed', 'cancelled', 'interrupted'] as const
/** `paused` is a run whose worker waits, or whose turn is passed over; the other words are those of ARCHITECTURE.md. */
export type RunStatus = (typeof runStatuses)[number]

const unsettledStatuses: readonly RunStatus[] = ['queued', 'running', 'paused']

/** Whether a run has ended, well or not; it can be queued again then. */
export function isSettled(status: RunStatus): boolean {
  return !unsettledStatuses.includes(status)
}

/** The last step of a run: of one that `stop` may have ended before the last it was asked for, where it is. */
export function endOf({
  status,
  step,
  steps,
  facets,
}: Pick<RunSummary, 'status' | 'step' | 'steps' | 'facets'>): number {
  return status === 'finished' && facets['stop.after'] !== undefined ? step : steps
}

/** In which a run has ended before its last step. */
export const stoppedStatuses: readonly RunStatus[] = ['failed', 'interrupted', 'cancelled']

export function hasStopped({ status }: Pick<RunSummary, 'status'>): boolean {
  return stoppedStatuses.includes(status)
}

/** Whether a run that has ended before its last step may come further: one that ended by its dynamics would end at the same step again. */
export function canResume({ status, code }: Pick<RunSummary, 'status' | 'code'>): boolean {
  return hasStopped({ status }) && !isOutcome(code)
}

/** Whether a run that has ended may go on to more steps than it was asked for. */
export function canExtend({ status, code }: Pick<RunSummary, 'status' | 'code'>): boolean {
  return isSettled(status) && !isOutcome(code)
}

/** What a run starts from where it does not draw its own start: a file, or another run's snapshot. */
export interface InitialState {
  /** By their names; what is not given is drawn. */
  parameters: Record<string, MatrixData>
  /** Indices into the task's pairs, ascending, each once. */
  train?: Int32Array
}

export const snapshotReasons = ['initial', 'scheduled', 'event', 'checkpoint', 'final'] as const
export type SnapshotReason = (typeof snapshotReasons)[number]

/**
 * The state of a run at a step: `E` and `W` to look at, and whatever else the dynamics needs to continue with the
 * same bits (momenta as further matrices, step sizes and counters as `scalars`).
 */
export interface Snapshot {
  step: number
  tau: number
  reason: SnapshotReason
  matrices: Record<string, MatrixData>
  scalars: Record<string, number>
}

/** What computed a run; stored with it. */
export interface Provenance {
  grokscope: string
  runtime: string
  platform: string
  processor: string
  backend: BackendKind
  device: string
  precision: Precision
  /** Of the softmax whose gradient trains, where there is one; older runs, which do not say, had float64. */
  lossPrecision?: Precision
  threads: number
  /** Why this backend. */
  choice: string
  /** Where a card has two ways to take the steps of an isolated layer, which it was; it decides their bits. */
  steps?: string
  /** How a GPU cuts the products of its steps, where that does not follow from their sizes alone; it decides their bits. */
  tilings?: string
  /** Of a device, what its test took before the run, and what compiling the run's kernels. */
  testSeconds?: number
  compileSeconds?: number
  /** SHA-256 over the training indices as little-endian int32. */
  splitHash: string
  /** Of a run that went on: until which step something else computed it, and what of that was different. */
  before?: string
}

/** What of a run's provenance tells one computation from another; the training set belongs to the run. */
export const machineFields = [
  'backend',
  'precision',
  'lossPrecision',
  'device',
  'processor',
  'tilings',
  'grokscope',
  'runtime',
  'platform',
] as const satisfies readonly (keyof Provenance)[]

/** Steps and field evaluations of an integration; for a fixed step `rejected` is 0. */
export interface IntegrationReport {
  accepted: number
  rejected: number
  fieldEvaluations: number
  /** Largest local error of a fixed-step run, η‖f(E_(t+1)) − f(E_t)‖ / (2‖E_t‖); 0 for an adaptive one. */
  largestLocalError: number
}

export type RunEventName = (typeof runEventNames)[number]

/** A detected event: when it came, and the value by which it was. */
export interface RunMoment {
  step: number
  tau: number
  value: number
}

export type RunMoments = Partial<Record<RunEventName, RunMoment>>

export type Measurements = Partial<Record<MeasurementName, number>>

export type SettledStatus = 'finished' | 'failed' | 'cancelled'

export type RunEventBody =
  | { type: 'started'; step: number; provenance: Provenance; train: Int32Array }
  | { type: 'progress'; step: number; steps: number; tau: number; stepsPerSecond: number; secondsLeft: number }
  /** `seconds` is the time spent computing since the run began, pauses and interruptions left out. */
  | { type: 'measured'; step: number; tau: number; seconds: number; values: Measurements }
  | { type: 'snapshot'; snapshot: Snapshot }
  | { type: 'event'; name: RunEventName; step: number; tau: number; value: number }
  | {
      type: 'settled'
      status: SettledStatus
      step: number
      tau: number
      seconds: number
      code?: ErrorCode
      message?: string
      advice?: string
      report?: IntegrationReport
    }

/** What a run tells, in order; `sequence` grows by one with each event of a run, across resumptions. */
export type RunEvent = { runId: string; sequence: number } & RunEventBody

/** A run as lists, filters and sorting see it; `null` stands where a run has no such thing, or not yet. */
export interface RunSummary {
  id: string
  experimentId: string
  experiment: string
  figure: FigureId | null
  name: string
  seed: number
  status: RunStatus
  code: ErrorCode | null
  message: string | null
  step: number
  steps: number
  tau: number
  /** Time spent computing. */
  seconds: number
  /** Milliseconds since 1970, as all times with `At`. */
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  archivedAt: number | null
  binnedAt: number | null
  parentRunId: string | null
  parentStep: number | null
  /** SHA-256 of its specification in the canonical form; `null` where this version does not know all that it says. */
  specificationHash: string | null
  /** SHA-256 of split, measurements and snapshots; equal for runs that agree to the bit. */
  resultHash: string | null
  /** SHA-256 of both, the specification as it was written; what is stored is held against it. */
  contentHash: string | null
  /** Of what it is or will be taken: 1 under the names of version 0.1.0, 2 under those of today. Only equal versions compare. */
  contentHashVersion: number
  /** The number of its last stored event. */
  sequence: number
  tags: string[]

  /** How many pairs it trains on; a study has no split. */
  trainPairs: number | null
  /** What its specification says, by the paths of its fields. */
  facets: Facets
  /** The latest of the measurements that are kept for lists. */
  latest: Measurements
  /** When each of the events came that were detected in it. */
  events: RunMoments
  /** Of an integration that has ended. */
  largestLocalError: number | null
}

/** All that is kept of a run besides its measurements and snapshots. */
export interface RunDetail extends RunSummary {
  spec: RunSpec
  advice: string | null
  provenance: Provenance | null
  report: IntegrationReport | null
  notes: string
  train: Int32Array | null
  /** Columns measured so far, in the order of their first appearance. */
  measured: MeasurementName[]
}

/**
 * A run as it can be shown, also where a newer version made it. What that says of a run's specification is not known here:
 * it stands as it is stored, in the place of what is.
 */
export type ShownRun = Omit<RunDetail, 'spec'> &
  ({ spec: RunSpec; foreignSpec: null } | { spec: null; foreignSpec: Record<string, unknown> })

/** Whether what is stored of a run is what was stored: `none` where nothing differs and it has no content hash yet. */
export interface RunIntegrity {
  hash: 'same' | 'differs' | 'none'
  /** What differs, in words. */
  findings: string[]
}

/** Another run of the same specification, and whether both came to the same bits; `null` where one has not ended. */
export interface Repetition {
  runId: string
  name: string
  agrees: boolean | null
}

/** A run as it is shown: compared with what was stored of it, and with other runs of its specification. */
export type CheckedRun = ShownRun & {
  integrity: RunIntegrity
  /** That a newer version made it, and what in it is not known here: it can be looked at, and not gone on with. */
  newer: string | null
  repetitions: Repetition[]
}

/** A measured quantity over a run: arrays of equal length, where a NaN value is a gap. */
export interface Curve {
  step: Float64Array
  tau: Float64Array
  seconds: Float64Array
  value: Float64Array
}

export interface SnapshotDescription {
  step: number
  tau: number
  reason: SnapshotReason
  matrices: { name: string; rows: number; columns: number; precision: Precision }[]
}
