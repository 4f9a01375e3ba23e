import type { TrainingSpec } from '../../../../shared/experiment.ts'
import { batchSampler } from '../../dynamics/batches.ts'
import { rateFields, type DeviceStep } from '../stepSettings.ts'
import { toldNumbers } from './batchFields.ts'

/** Of when a dispatch began and when it ended, in nanoseconds. */
export const clockBytes = 16

/** Whether a GPU says what a dispatch took. */
export function tellsTime({ features }: GPUDevice): boolean {
  return features.has('timestamp-query')
}

/** A run as a batch takes it: its samples, those trained on first, and its settings. */
export interface BatchedData {
  /** Of each sample its tokens and its class. */
  readonly table: Uint32Array
  /** How many are trained on. */
  readonly samples: number
  readonly dynamics: TrainingSpec
  readonly seed: number
}

/** What a run is to do in a dispatch. */
export interface BatchPlan {
  readonly steps: readonly DeviceStep[]
  /** Of the state before each step, and that after the last: whether it is recorded. */
  readonly isRecorded: readonly boolean[]
}

/** What was recorded of a state, by the names of `toldNumbers`. */
export type ToldState = Record<(typeof toldNumbers)[number], number>

/** What a run told of a dispatch. */
export interface Told {
  /** In the order of the plan. */
  readonly states: readonly ToldState[]
  /** Which state, from 0 on, was the first whose gradient is not finite. */
  readonly failedAt: number | undefined
}

/** What all runs told of a dispatch, in the order of their places. */
export interface ToldByAll {
  readonly told: readonly Told[]
  /** What the device had to do for it; undefined where it does not say. */
  readonly milliseconds: number | undefined
}

/** Many runs of one shape on a GPU, each in a place of its own. */
export interface BatchDevice {
  /** Steps that a plan may have. */
  readonly mostSteps: number
  /** Gives a place to a run, in a state laid out as `stateLayout` says. */
  put(place: number, run: BatchedData, state: Float32Array): void
  /** Gives the run in a place another state. */
  send(place: number, state: Float32Array): void
  /** Takes the runs on, each as it is planned; those without a plan stay as they are. */
  take(plans: readonly (BatchPlan | undefined)[]): Promise<ToldByAll>
  /** The present states of some places. */
  read(places: readonly number[]): Promise<Float32Array[]>
  /** What runs would be at had they been planned otherwise the last time, their states with it; they stay where they are. */
  retake(plans: readonly (BatchPlan | undefined)[]): Promise<ToldByAll & { states: (Float32Array | undefined)[] }>
  end(): void
}

/** How a run is trained, for one step after the other. */
export function settingsOf({ dynamics, samples, seed }: BatchedData) {
  const { batch } = dynamics
  return {
    dynamics,
    samples,
    fieldsOf: rateFields(dynamics, ['E', 'W']),
    samplesAt: batch && batchSampler(samples, batch, seed),
  }
}

/** Of all states the same fields in the same order, which engines handle as one kind of object. */
export function stateAt(values: Float32Array, at: number): ToldState {
  const state: Partial<ToldState> = {}
  for (let i = 0; i < toldNumbers.length; i++) state[toldNumbers[i]!] = values[at + i]!
  return state as ToldState
}
