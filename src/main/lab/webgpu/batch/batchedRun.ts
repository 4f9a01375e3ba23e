import { learningRateAt, weightDecayAt } from '../../../../shared/decayTime.ts'
import { errorAdvice } from '../../../../shared/errors.ts'
import type { InitialState, RunEvent, RunEventBody, Snapshot, SnapshotReason } from '../../../../shared/run.ts'
import { clockAt } from '../../../../shared/runClock.ts'
import type { WebGpuBackend } from '../../backend/webgpu.ts'
import { plainBackend } from '../../backend/plain.ts'
import { largestShare } from '../../createSubject.ts'
import { describeEnd, endAfter, endScalar, isStopped } from '../../earlyEnd.ts'
import { createEventDetector, type DetectedEvent } from '../../eventDetector.ts'
import { createInterventions } from '../../interventions/interventions.ts'
import type { Backend, InputRows } from '../../backend/backend.ts'
import type { Network } from '../../network/model.ts'
import { downloaded } from '../../network/matrixLists.ts'
import { prepareNetwork, withoutTraining } from '../../prepareNetwork.ts'
import { provenanceOf } from '../../provenanceOf.ts'
import { recordSchedule } from '../../recordSchedule.ts'
import { savedMatrix } from '../../restoreMatrices.ts'
import type { BatchPlan, BatchedData, Told, ToldState } from './batchPlan.ts'
import type { BatchShape } from './batchShape.ts'
import type { BatchableSpec } from './batchShapeOf.ts'
import { momentNames } from '../optimizerKernels.ts'
import type { DeviceStep } from '../stepSettings.ts'
import { matricesOf, stateOf } from './batchState.ts'
import { toldMeasurements } from './toldMeasurements.ts'

type RunEnd = Extract<RunEventBody, { type: 'settled' }>

export interface BatchedRunOptions {
  readonly runId: string
  readonly spec: BatchableSpec
  readonly resumeFrom?: Snapshot | undefined
  readonly secondsBefore?: number | undefined
}

/** What a run asks of the device: to be taken on; its state now, or after so many of the steps last taken; to go on from another. */
export type BatchRequest =
  | { kind: 'take'; plan: BatchPlan }
  | { kind: 'look'; plan: BatchPlan | undefined }
  | { kind: 'send'; state: Float32Array }

/** The answer: what was told of a plan, and where it is looked at the state. */
export interface BatchAnswer {
  readonly told?: Told | undefined
  readonly state?: Float32Array | undefined
}

/** One run of a batch, as the host keeps it. */
export interface BatchedRun {
  readonly data: BatchedData
  /** Its state as it begins. */
  readonly state: Float32Array
  /** What it does, from its beginning to its end. */
  live(mostSteps: () => number): Generator<BatchRequest, void, BatchAnswer>
  /** What it has told since this was asked last. */
  told(): RunEvent[]
  /** Adds to the time that it took. */
  charge(seconds: number): void
  /** Saves it in its present state, between two takes, unless it is saved there. */
  save(state: Float32Array): void
  /** Ends it there, to go on another time. */
  cancel(): void
}

/**
 * A run as `runExperiment` would tell it, its states on a device that tells of some of them. Its events are those of `createEventDetector`
 * from what is recorded; a snapshot of a step that is past is wanted of the device, which takes it again.
 */
export function batchedRun(
  { runId, spec, resumeFrom, secondsBefore = 0 }: BatchedRunOptions,
  shape: BatchShape,
  backend: WebGpuBackend,
  choice: string,
): BatchedRun {
  const host = plainBackend('float32')
  const begun = resumeFrom ? withoutTraining(spec) : spec
  const { network, split } = prepareNetwork(begun, host, givenStart(begun, backend), undefined)
  const interventions = createInterventions(spec, network)
  const detector = createEventDetector(spec)
  const { dynamics } = spec
  const { steps: lastStep } = dynamics
  const schedule = recordSchedule(spec.record, lastStep, interventions.steps)
  const changes = new Set(interventions.steps)
  const guessAccuracy = largestShare(network.train.classes, network.train.Y.columns)
  const layers = network.model.linearReadout!.layers(network)
  const moments = momentNames[dynamics.optimizer.kind]
  const stopped = isStopped(spec) ? spec : undefined
  const events: RunEvent[] = []
  let sequence = 0
  let seconds = secondsBefore
  let position = 0
  let optimizerSteps = 0
  let end = lastStep
  let isOver = false
  let savedAt = -1

  let state = stateOf(
    shape,
    [layers.E, layers.W].map((matrix) => downloaded(host, matrix)),
  )
  if (resumeFrom) restore(resumeFrom)
  else if (isChanged(0)) state = changedState(state, 0)

  function tell(body: RunEventBody): void {
    events.push({ runId, sequence: sequence++, ...body })
  }

  function isChanged(step: number): boolean {
    return changes.has(step)
  }

  function changedState(laid: Float32Array, step: number): Float32Array {
    const { E, W, ...rest } = matricesOf(shape, laid)
    host.upload(layers.E, E!.data)
    host.upload(layers.W, W!.data)
    interventions.apply(step)
    return stateOf(shape, [downloaded(host, layers.E), downloaded(host, layers.W), ...Object.values(rest)])
  }

  function restore(snapshot: Snapshot): void {
    const { inputs, hidden, outputs } = shape
    const saved = ['', ...moments].flatMap((name) => [
      savedMatrix(snapshot, `${name}E`, inputs * hidden),
      savedMatrix(snapshot, `${name}W`, hidden * outputs),
    ])
    state = stateOf(shape, saved)
    detector.restore(snapshot.scalars)
    interventions.restore(snapshot.scalars)
    position = snapshot.step
    optimizerSteps = snapshot.scalars['optimizerSteps'] ?? snapshot.step
    if (stopped) end = snapshot.scalars[endScalar] ?? lastStep
    savedAt = position
  }

  function scalarsAt(step: number): Record<string, number> {
    return {
      ...(dynamics.optimizer.kind === 'adamw' ? { optimizerSteps: optimizerSteps - (position - step) } : {}),
      ...detector.scalars(),
      ...interventions.scalars(),
      ...(end < lastStep ? { [endScalar]: end } : {}),
    }
  }

  function snapshot(step: number, reason: SnapshotReason, laid: Float32Array): void {
    savedAt = step
    const matrices = matricesOf(shape, laid)
    tell({ type: 'snapshot', snapshot: { step, tau: clockAt(spec, step), reason, matrices, scalars: scalarsAt(step) } })
  }

  /** Tells of a recorded state; what was found there. */
  function measure(told: ToldState, step: number): DetectedEvent[] {
    const values = toldMeasurements(told, { shape, split, dynamics, step })
    const tau = clockAt(spec, step)
    tell({ type: 'measured', step, tau, seconds, values })
    const found = detector.fromMeasurements(step, values, { pull: values.gradientNorm!, guessAccuracy })
    for (const { name, value } of found) {
      if (name === stopped?.stop.after) end = Math.min(lastStep, endAfter(stopped, step))
      tell({ type: 'event', name, step, tau, value })
    }
    return found
  }

  function finish(step: number, outcome: Partial<RunEnd>): void {
    isOver = true
    tell({
      type: 'settled',
      status: 'finished',
      ...(stopped && step === end && end < lastStep ? { message: describeEnd(stopped) } : {}),
      ...outcome,
      ...{ step, tau: clockAt(spec, step), seconds },
    })
  }

  function fail(step: number): void {
    const message = `the gradient norm is not finite from step ${step} on: training left the finite numbers`
    finish(step, { status: 'failed', code: 'DIVERGED', message, advice: errorAdvice.DIVERGED })
  }

  /** Its next steps, up to the first at which its state is needed. */
  function planned(mostSteps: number): BatchPlan {
    const steps: DeviceStep[] = []
    const isRecorded = [false]
    for (let step = position; step < end && steps.length < mostSteps;) {
      steps.push({
        position: step,
        optimizerStep: optimizerSteps + steps.length + 1,
        learningRate: learningRateAt(dynamics, step),
        weightDecay: weightDecayAt(spec, step),
        norm: interventions.normAt(step + 1),
      })
      step += 1
      const saves = schedule.saves(step) || step === end
      // What is changed from outside is recorded after that.
      isRecorded.push(!isChanged(step) && (saves || schedule.measures(step)))
      if (saves || isChanged(step)) break
    }
    return { steps, isRecorded }
  }

  /** Takes a plan, and tells what came of it. */
  function* follow(plan: BatchPlan): Generator<BatchRequest, void, BatchAnswer> {
    const from = position
    const count = plan.steps.length
    const { states, failedAt } = (yield { kind: 'take', plan }).told!
    position += count
    optimizerSteps += count
    const recorded = states.values()
    for (let t = 0; t <= count && !isOver; t++) {
      const step = from + t
      if (failedAt === t) return fail(step)
      if (plan.isRecorded[t]) yield* record(recorded.next().value!, step, plan)
      // An end that was found only on the way there is not on the schedule.
      else if (step === end && !isChanged(step)) {
        const { told } = yield { kind: 'look', plan: upTo(plan, t, true) }
        yield* record(told!.states[0]!, step, plan)
      }
    }
    if (isOver || count === 0 || !isChanged(position)) return
    const { state: before } = yield { kind: 'look', plan: undefined }
    yield { kind: 'send', state: changedState(before!, position) }
    yield* follow({ steps: [], isRecorded: [true] })
  }

  /** Tells of a state that was recorded, on the way that a plan took. */
  function* record(told: ToldState, step: number, plan: BatchPlan): Generator<BatchRequest, void, BatchAnswer> {
    const found = measure(told, step)
    const isSaved = schedule.saves(step) || step === end
    if (isSaved || found.length > 0) {
      const past = step < position ? upTo(plan, plan.steps.length - (position - step), false) : undefined
      const { state: laid } = yield { kind: 'look', plan: past }
      snapshot(step, step === end ? 'final' : isSaved ? 'scheduled' : 'event', laid!)
    }
    if (step === end) finish(step, {})
  }

  return {
    data: { table: tableOf(network, shape), samples: split.train.length, dynamics, seed: spec.seed },
    state,
    *live(mostSteps) {
      const provenance = provenanceOf(spec, { backend, choice }, split.train)
      tell({ type: 'started', step: position, provenance, train: split.train })
      if (!resumeFrom) yield* follow({ steps: [], isRecorded: [true] })
      else if (position === end) finish(end, {})
      while (!isOver) yield* follow(planned(mostSteps()))
    },
    told: () => events.splice(0),
    charge(more) {
      seconds += more
    },
    save(laid) {
      if (savedAt !== position) snapshot(position, 'checkpoint', laid)
    },
    cancel: () => finish(position, { status: 'cancelled', code: 'CANCELLED', advice: errorAdvice.CANCELLED }),
  }
}

/** A start that is trained before, by the kernels of the backend; undefined where it is only drawn. */
function givenStart(spec: BatchableSpec, backend: Backend): InitialState | undefined {
  if (spec.initialization.kind !== 'trained') return undefined
  backend.clear()
  const { parameters } = prepareNetwork(spec, backend, undefined, undefined).network
  return {
    parameters: Object.fromEntries(parameters.map(({ name, matrix }) => [name, downloaded(backend, matrix)])),
  }
}

/** The first steps of a plan, the state after them recorded or not. */
function upTo({ steps }: BatchPlan, count: number, isRecorded: boolean): BatchPlan {
  return { steps: steps.slice(0, count), isRecorded: [...Array<boolean>(count).fill(false), isRecorded] }
}

/** Of each sample its tokens and its class, those trained on first. */
function tableOf({ train, test }: Network, { perRow, samples }: BatchShape): Uint32Array {
  const width = perRow + 1
  const table = new Uint32Array(samples * width)
  let at = 0
  for (const { X, classes } of [train, test]) {
    for (let row = 0; row < X.rows; row++, at += width) {
      table.set((X as InputRows).indices.subarray(row * perRow, (row + 1) * perRow), at)
      table[at + perRow] = classes![row]!
    }
  }
  return table
}
