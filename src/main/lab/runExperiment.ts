import { errorAdvice, LabError } from '../../shared/errors.ts'
import { stepsOf, type RunSpec } from '../../shared/experiment.ts'
import type { Preparation } from '../../shared/preparation.ts'
import type { InitialState, RunEvent, RunEventBody, Snapshot, SnapshotReason } from '../../shared/run.ts'
import type { MatrixData } from '../../shared/matrix.ts'
import { clockAt } from '../../shared/runClock.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import type { Backend, Matrix } from './backend/backend.ts'
import { downloaded } from './network/matrixLists.ts'
import { describeEnd, endAfter, endScalar, isStopped } from './earlyEnd.ts'
import type { DetectedEvent } from './eventDetector.ts'
import type { RunState } from './lookAhead.ts'
import { provenanceOf } from './provenanceOf.ts'
import { recordSchedule } from './recordSchedule.ts'
import { restoreMatrices } from './restoreMatrices.ts'
import { checkpointSpacing } from './checkpointSpacing.ts'
import { createSubject } from './createSubject.ts'
import type { RunSubject } from './runSubject.ts'
import { startStopwatch } from './stopwatch.ts'

export interface RunOptions {
  runId: string
  backend: Backend
  signal?: AbortSignal
  /** The start of a run whose specification says `file`, or that branches from another run. */
  initial?: InitialState
  /** The samples of a task that is data from a file. */
  dataset?: Dataset
  resumeFrom?: Snapshot
  /** Told how far it is while a start is trained, which goes on once this resolves: a run that is cancelled meanwhile has nothing to resume from. */
  onPreparing?: (preparation: Preparation) => Promise<void>
  /** Why this backend was chosen, for the record. */
  choice?: string
  /** Sequence number of the first event; above 0 for a resumed run. */
  firstSequence?: number
  /** Seconds computed before, for a resumed run. */
  secondsBefore?: number
  /** Whether every checkpoint stays where the run is recorded; they come the more rarely then, the longer it goes. */
  keepsCheckpoints?: boolean
}

const progressMilliseconds = 100

/**
 * Runs one specification and tells what happens as a stream of events: `started`, then `measured`, `snapshot`, `event`
 * and `progress`, and at the end `settled`. The same specification, seed, backend and thread count give the same bits,
 * also when the run is cancelled or killed and resumed from any of its snapshots. Divergence and a failed
 * factorization are outcomes (`settled`, status `failed`), not exceptions; a start that does not fit the specification
 * throws. The consumer pauses a run by not asking for the next event; `signal` cancels it, after a snapshot to resume from.
 */
export async function* runExperiment(spec: RunSpec, options: RunOptions): AsyncGenerator<RunEvent> {
  const { runId, backend, signal, resumeFrom } = options
  const steps = stepsOf(spec)
  const stopped = isStopped(spec) ? spec : undefined
  let sequence = options.firstSequence ?? 0
  const told = (body: RunEventBody): RunEvent => ({ runId, sequence: sequence++, ...body })
  const started = (step: number, train: Int32Array): RunEventBody => {
    return { type: 'started', step, provenance: provenanceOf(spec, options, train), train }
  }
  const preparing = createSubject(spec, backend, options)
  const begun = preparing.next()
  if (!begun.done) yield told(started(0, begun.value.train))
  const subject = begun.done ? begun.value : await trainedSubject(preparing, options)
  if (!subject)
    return yield told({ type: 'settled', ...cancelled, step: 0, tau: 0, seconds: options.secondsBefore ?? 0 })
  const { train, parameters, evolution, interventions, evaluate, guessAccuracy, detector } = subject
  const { geometry, chattering } = subject
  const schedule = recordSchedule(spec.record, steps, interventions.steps)
  const stopwatch = startStopwatch(options.secondsBefore ?? 0)
  /** Where the run is on its clock, in steps; between whole steps only while an integrator adapts. */
  let position = 0
  let savedAt = -1
  /** Where it ends: as soon as an event has come that `stop` names, maybe before its last step. */
  let end = steps

  const nextAfter = (step: number) =>
    Math.min(schedule.nextAfter(step), geometry?.nextAfter(step) ?? steps, chattering?.nextAfter(step) ?? steps, end)
  const nextIntervention = (step: number) => Math.min(...interventions.steps.filter((other) => other > step))
  const now = () => ({ step: Math.floor(position), tau: clockAt(spec, position) })
  const matrices = () => ({ ...parameters, ...evolution.extraMatrices(), ...geometry?.matrices() })

  // Asked at every step, so that those at which nothing is due wait for nothing.
  const isChanged = () => interventions.steps.includes(position)
  const isSaved = () => schedule.saves(position) || position === end
  const isMeasured = () =>
    isSaved() || schedule.measures(position) || geometry?.measures(position) || chattering?.measures(position)
  const isRecorded = () => isMeasured() || geometry?.remembers(position)

  /** From which the dynamics goes on. */
  function presentState(): RunState {
    const own = copyMatrices(backend, { ...parameters, ...evolution.extraMatrices() })
    return { step: position, matrices: own, scalars: evolution.scalars() }
  }

  async function snapshot(reason: SnapshotReason): Promise<RunEventBody> {
    savedAt = position
    await evolution.collect?.()
    const earlyEnd: Record<string, number> = end < steps ? { [endScalar]: end } : {}
    const scalars = { ...evolution.scalars(), ...detector.scalars(), ...interventions.scalars(), ...earlyEnd }
    return { type: 'snapshot', snapshot: { ...now(), reason, matrices: copyMatrices(backend, matrices()), scalars } }
  }

  function announcements(found: DetectedEvent[]): RunEventBody[] {
    return found.map(({ name, value }) => {
      if (name === stopped?.stop.after) end = Math.min(steps, endAfter(stopped, now().step))
      return { type: 'event', name, ...now(), value }
    })
  }

  async function* record(): AsyncGenerator<RunEventBody> {
    const saves = isSaved()
    await evolution.collect?.()
    // What was remembered a lag ago is measured against before it is replaced: the lag may be the whole interval.
    const remember = () => (geometry?.remembers(position) ? geometry.remember() : undefined)
    if (!isMeasured()) return remember()
    const values = {
      ...evaluate(),
      ...evolution.measure(),
      ...(geometry?.measures(position) ? geometry.measure(position) : {}),
      ...(chattering?.measures(position) ? await chattering.measure(presentState()) : {}),
      ...(saves ? evolution.inspect() : {}),
    }
    remember()
    yield { type: 'measured', ...now(), seconds: stopwatch.seconds(), values }
    const found = detector.fromMeasurements(position, values, { pull: evolution.pull(), guessAccuracy })
    yield* announcements(found)
    if (saves) yield await snapshot(position === end ? 'final' : 'scheduled')
    else if (found.length > 0) yield await snapshot('event')
  }

  async function intervene(): Promise<void> {
    await evolution.collect?.()
    interventions.apply(position)
    await evolution.begin(position)
  }

  async function* compute(): AsyncGenerator<RunEventBody> {
    const startedAt = { position, seconds: stopwatch.seconds() }
    await evolution.begin(position)
    if (!resumeFrom) {
      if (isChanged()) await intervene()
      yield* record()
    }
    while (position < end && !signal?.aborted) {
      const whole = Math.floor(position)
      const moved = evolution.advance(position, nextAfter(whole), nextIntervention(whole))
      position = typeof moved === 'number' ? moved : await moved
      for (const event of announcements(detector.fromLocalError(evolution.localError()))) yield event
      if (Number.isInteger(position)) {
        if (isChanged()) await intervene()
        if (isRecorded()) yield* record()
        const spacing = checkpointSpacing(stopwatch.seconds(), { kept: options.keepsCheckpoints === true })
        if (savedAt !== position && stopwatch.due('checkpoint', spacing)) yield await snapshot('checkpoint')
      }
      if (stopwatch.due('progress', progressMilliseconds)) {
        const rate = (position - startedAt.position) / (stopwatch.seconds() - startedAt.seconds)
        yield { type: 'progress', ...now(), steps: end, stepsPerSecond: rate, secondsLeft: (end - position) / rate }
      }
    }
    if (position === end) {
      yield settled({ status: 'finished', ...(stopped && end < steps ? { message: describeEnd(stopped) } : {}) })
    } else {
      // Between whole steps an adaptive run is resumed from its last snapshot.
      if (savedAt !== position && Number.isInteger(position)) yield await snapshot('checkpoint')
      yield settled(cancelled)
    }
  }

  function settled(outcome: Outcome): RunEventBody {
    return { type: 'settled', ...outcome, ...now(), seconds: stopwatch.seconds(), report: evolution.report() }
  }

  if (resumeFrom) {
    restoreMatrices(backend, matrices(), resumeFrom)
    evolution.restore(resumeFrom.scalars)
    detector.restore(resumeFrom.scalars)
    interventions.restore(resumeFrom.scalars)
    position = resumeFrom.step
    // A run that was extended has no early end any more.
    if (stopped) end = resumeFrom.scalars[endScalar] ?? steps
    savedAt = position
  }

  async function* outcome(): AsyncGenerator<RunEventBody> {
    if (begun.done) yield started(now().step, train)
    try {
      yield* compute()
    } catch (failure) {
      if (!(failure instanceof LabError)) throw failure
      const { code, message, advice } = failure
      yield settled({ status: 'failed', code, message, advice })
    }
  }

  try {
    for await (const body of outcome()) {
      stopwatch.pause()
      yield told(body)
      stopwatch.resume()
    }
  } finally {
    chattering?.end()
    evolution.end?.()
  }
}

/** What a run is of once its start is trained; undefined where it is cancelled before. */
async function trainedSubject(
  preparing: ReturnType<typeof createSubject>,
  { signal, onPreparing }: RunOptions,
): Promise<RunSubject | undefined> {
  const stopwatch = startStopwatch(0)
  for (;;) {
    const next = preparing.next()
    if (next.done) return next.value
    if (!stopwatch.due('progress', progressMilliseconds)) continue
    const { done, of } = next.value
    await onPreparing?.({ doing: 'training', done, of })
    if (signal?.aborted) return undefined
  }
}

const cancelled = { status: 'cancelled', code: 'CANCELLED', advice: errorAdvice.CANCELLED } as const

type Outcome = Pick<Extract<RunEventBody, { type: 'settled' }>, 'status' | 'code' | 'message' | 'advice'>

function copyMatrices(backend: Backend, matrices: Record<string, Matrix>): Record<string, MatrixData> {
  return Object.fromEntries(Object.entries(matrices).map(([name, matrix]) => [name, downloaded(backend, matrix)]))
}
