import { inspect } from 'node:util'
import { evenThreads } from '../engine/host/availableSlots.ts'
import type { BackendRequest, BackendSelection, ChoiceRequest } from '../engine/messages.ts'
import { createQueue, type Load, type WaitingJob } from '../engine/host/queue.ts'
import { createWorkerPool } from '../engine/host/workerPool.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import type { Archive } from '../store/archive.ts'
import type { NewRun } from '../store/insertRun.ts'
import type { RunEnd } from '../store/unwrittenEnds.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { QueuePlace } from '../../shared/contract/machine.ts'
import { LabError, toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import { estimateCost, problemSize } from '../../shared/estimate.ts'
import { precisionOf, type ExperimentSpec, type RunSpec } from '../../shared/experiment.ts'
import { isOfMany, type BackendKind } from '../../shared/machine.ts'
import {
  endOf,
  isSettled,
  type Provenance,
  type RunDetail,
  type RunEvent,
  type RunStatus,
  type RunSummary,
} from '../../shared/run.ts'
import type { Log } from './logToStandardError.ts'
import { memoryOf, requireMemory, runsAtOnce } from './requireMemory.ts'
import { broadcastEvents, type Broadcast } from './broadcastEvents.ts'

export interface RunServiceOptions {
  archive: Archive
  startWorker: StartWorker
  broadcast: Broadcast
  slots: number
  backend: BackendRequest
  /** Settles the arithmetic of a run. */
  choose(request: ChoiceRequest): Promise<BackendSelection>
  /** Where what was measured on this machine is remembered. */
  cacheFolder: string | undefined
  /** Every run event, after it was stored. */
  onEvents(events: readonly RunEvent[]): void
  log: Log
}

/**
 * Runs in motion: hands them to the engine, stores what they tell, and lets everyone know. What is asked of several
 * runs is done to all of them, or, where one is in no state for it, to none.
 */
export interface RunService {
  /** Refuses runs that this machine has not the memory for, beside those that are active. */
  requireMemory(specs: readonly (ExperimentSpec | RunSpec)[], backend?: BackendKind): void
  /** Queues runs that the archive holds as `queued`; of those that were stored a moment ago, as `planned`, nothing is read again. */
  start(runIds: readonly string[], planned?: readonly PlannedRun[]): void
  pause(runIds: readonly string[]): void
  continue(runIds: readonly string[]): void
  cancel(runIds: readonly string[]): void
  /** Queues settled or left-over runs again, to go on from their last snapshot, or to more steps. */
  resume(runIds: readonly string[], steps?: number): void
  isActive(runId: string): boolean
  /** Runs in the order in which they begin; those whose arithmetic is being chosen come last. */
  order(): { running: string[]; waiting: string[] }
  /** What computes a run that is active; undefined while that is being chosen. */
  arithmetic(runId: string): BackendSelection | undefined
  /** Puts waiting runs at a place; those whose arithmetic is being chosen, once that is done. */
  move(runIds: readonly string[], to: QueuePlace): void
  /** Pauses every run that is computed and lets none begin; undone, those that it paused go on. */
  hold(held: boolean): void
  isHeld(): boolean
  /** Runs that are computed, and runs that wait for it. */
  load(): Load
  /** Those of them that go on by themselves: none that is paused, and none that waits where nothing is computed for whose place it waits. */
  goingOn(): number
  close(): Promise<void>
}

/** What a run is computed from, and with; without `threads`, with as many as it is given. */
interface PlannedRun extends Pick<NewRun, 'spec'> {
  backend?: BackendKind | undefined
  threads?: number
  /** What has computed it, where it goes on. */
  device?: string
  /** What has computed a run that it repeats: taken where it is here. */
  like?: Pick<Provenance, 'backend' | 'threads' | 'device'>
}

/** Runs that were put beside one another, in this order; without a place, where it is their turn. */
interface Move {
  runIds: readonly string[]
  to?: QueuePlace | undefined
}

/** A run that a GPU computed with others at once goes on by its sweep alone: `verb` is what another arithmetic would not make of it to the bit. */
export function requireOneByOne(
  { id, provenance }: Pick<RunDetail, 'id' | 'provenance'>,
  verb: 'resumed' | 'extended' | 'repeated',
): void {
  if (!isOfMany(provenance?.device)) return
  const bySweep = verb === 'resumed' ? '`sweep run DIR --on gpu` goes on with its sweep, and ' : ''
  throw new LabError(
    'CONFLICT',
    `run ${id} was computed on ${provenance!.device}: alone it would not be ${verb} to the bit; ${bySweep}a branch goes on with its weights`,
  )
}

/** The arithmetic of a run that is repeated. Threads change the bits of a library's sums alone. */
function arithmeticOf({ backend, threads, device }: NonNullable<PlannedRun['like']>, among: number | undefined) {
  return { kind: backend, device, threads: backend === 'blas' ? threads : among } satisfies BackendRequest
}

/** Where an arithmetic is not here, another. */
function orElse<Answer>(other: () => Promise<Answer>): (error: unknown) => Promise<Answer> {
  return (error) => (toErrorRecord(error).code === 'BACKEND_UNAVAILABLE' ? other() : Promise.reject(error as Error))
}

/** What is left of a move after a later one, which has the last word. */
function afterMove({ runIds, to }: Move, later: Required<Move>): Move {
  const moved = new Set(later.runIds)
  const others = runIds.filter((runId) => !moved.has(runId))
  const before = beforeWhich(later.to)
  const at = before === undefined ? -1 : others.indexOf(before)
  if (at >= 0) return { runIds: others.toSpliced(at, 0, ...later.runIds), to }
  const isSamePlace = to === later.to || (before !== undefined && beforeWhich(to) === before)
  if (!isSamePlace) return { runIds: others, to }
  return { runIds: to === 'first' ? [...later.runIds, ...others] : [...others, ...later.runIds], to }
}

function beforeWhich(to: QueuePlace | undefined): string | undefined {
  return typeof to === 'object' ? to.before : undefined
}

export function createRunService(options: RunServiceOptions): RunService {
  const { archive, broadcast } = options
  const report = (error: unknown) => options.log(inspect(error))
  /** Runs whose arithmetic is being chosen, with how they were moved meanwhile. */
  const preparing = new Map<string, Move>()
  /** Runs of which it was told last what is done before their first step. */
  const inPreparation = new Set<string>()
  /** What was last told of the runs that have not settled. */
  const unsettled = new Map<string, RunSummary>()
  /** Those that were paused with the whole queue. */
  let heldRunning = new Set<string>()
  /** Bytes that each of them holds once it is computed. */
  const memory = new Map<string, number>()
  const isActive = (runId: string) => preparing.has(runId) || queue.has(runId)
  const queue = createQueue(createWorkerPool(options.slots, options.startWorker), {
    onPreparing(runId, preparation) {
      inPreparation.add(runId)
      broadcast('run.preparing', { runId, preparation })
    },
    onEvents: record,
    onRefused: fail,
    onDied: (runId, error) => end([runId], error.code === 'WORKER_DIED' ? 'interrupted' : 'failed', error),
    onLoad: announceLoad,
    onFault: (error, runId) => options.log(`${runId ? `run ${runId}: ` : ''}${inspect(error)}`),
  })

  /** Runs that are being prepared wait, as those in the queue do. */
  function load(): Load {
    const { running, queued, slots } = queue.load()
    return { running, queued: queued + preparing.size, slots }
  }

  function order(): { running: string[]; waiting: string[] } {
    const { running, waiting } = queue.order()
    return { running, waiting: [...waiting, ...preparing.keys()] }
  }

  function announceLoad(): void {
    broadcast('machine.load', load())
  }

  function record(events: RunEvent[]): void {
    archive.applyEvents(events)
    // One that trains its start has begun already.
    for (const { type, runId } of events) if (type === 'measured') endPreparation(runId)
    // They are stored: whatever stands against telling them, the run goes on.
    tryStep(() => broadcastEvents(events, broadcast, (runId) => changed([runId])), report)
    tryStep(() => options.onEvents(events), report)
  }

  function endPreparation(runId: string): void {
    if (inPreparation.delete(runId)) broadcast('run.preparing', { runId, preparation: null })
  }

  /** Where the archive cannot be read, what is known of the runs is told, with what has become of them. */
  function changed(runIds: readonly string[], news: Partial<RunSummary> = {}): void {
    runIds.forEach(endPreparation)
    const stored = tryStep(() => archive.runs.summaries(runIds), report) ?? []
    const summaryOf = new Map(stored.map((summary) => [summary.id, summary]))
    const summaries = runIds.flatMap((runId) => {
      const known = unsettled.get(runId)
      const summary = summaryOf.get(runId) ?? (known && { ...known, ...news })
      if (!summary) return []
      if (isSettled(summary.status)) [unsettled, memory].forEach((map) => map.delete(runId))
      else unsettled.set(runId, summary)
      return [summary]
    })
    if (summaries.length === 0) return
    broadcast('run.changed', summaries)
  }

  /** A run that could not begin: recorded as failed, with the reason. */
  function fail(runId: string, error: ErrorRecord): void {
    try {
      const { step, tau, seconds } = archive.runs.summary(runId)
      const sequence = archive.runs.nextSequence(runId)
      const { code, message } = error
      const advice = LabError.fromRecord(error).advice
      record([{ type: 'settled', runId, sequence, status: 'failed', step, tau, seconds, code, message, advice }])
    } catch (failure) {
      report(failure)
      end([runId], 'failed', error)
    }
  }

  /** Runs that cannot settle by themselves; they have ended also where the archive does not take that yet. */
  function end(runIds: readonly string[], status: RunEnd['status'], error?: ErrorRecord): void {
    tryStep(() => archive.runs.end(runIds, { status, ...(error ? { error } : {}) }), report)
    changed(runIds, { status, code: error?.code ?? null, message: error?.message ?? null })
  }

  function setStatuses(runIds: readonly string[], status: RunStatus): void {
    archive.together(() => runIds.forEach((runId) => archive.runs.setStatus(runId, status)))
  }

  function requireStatus(runId: string, allowed: readonly RunStatus[], rule: string): void {
    const status = archive.runs.status(runId)
    if (!allowed.includes(status)) throw new LabError('CONFLICT', `run ${runId} is ${status}; ${rule}`)
  }

  function start(runIds: readonly string[], planned?: readonly PlannedRun[]): void {
    runIds.forEach((runId) => preparing.set(runId, { runIds: [runId] }))
    changed(runIds)
    announceLoad()
    const threads = threadsOfEach()
    void enqueueAll(runIds, (runId, place) => ({ threads, ...(planned?.[place] ?? storedRun(runId)) }))
  }

  /**
   * Settles the arithmetic of runs that start together, once for all that are alike, then hands them to the queue. Never rejects. Asked for each,
   * the answer could change as soon as the first are computed, and it would be waited for again where a backend fails, which nothing remembers.
   */
  async function enqueueAll(
    runIds: readonly string[],
    plan: (runId: string, place: number) => PlannedRun,
  ): Promise<void> {
    const choices = new Map<string, Promise<BackendSelection>>()
    const choose: typeof options.choose = (request) => {
      const key = JSON.stringify(request)
      const choice = choices.get(key) ?? options.choose(request)
      choices.set(key, choice)
      return choice
    }
    for (const [place, runId] of runIds.entries()) {
      if (!preparing.has(runId)) continue
      const job = await prepare(runId, () => plan(runId, place), choose).catch((error: unknown) => {
        const record = toErrorRecord(error)
        if (record.code === 'INTERNAL') report(error)
        if (preparing.has(runId)) fail(runId, record)
      })
      const move = preparing.get(runId)
      // It may have been cancelled meanwhile.
      if (!preparing.delete(runId)) continue
      if (!job) {
        announceLoad()
        continue
      }
      queue.enqueue(job, { heldBack: archive.runs.status(runId) === 'paused' })
      const to = move && placeOf(runId, move, [runId])
      if (to) queue.move([runId], to)
    }
  }

  /**
   * Where a run that was moved comes in the queue, apart from some of its runs: beside the nearest of those that it was moved with, else
   * where it was moved to; undefined where none of these wait, and where it was not moved.
   */
  function placeOf(runId: string, { runIds, to }: Move, apart: readonly string[]): QueuePlace | undefined {
    if (runIds.length === 1 && typeof to !== 'object') return to
    const left = new Set(apart)
    const waiting = queue.order().waiting.filter((other) => !left.has(other))
    const placeIn = new Map(waiting.map((other, place) => [other, place]))
    const at = runIds.indexOf(runId)
    const next = runIds.slice(at + 1).find((other) => placeIn.has(other))
    if (next !== undefined) return { before: next }
    const previous = runIds.slice(0, at).findLast((other) => placeIn.has(other))
    if (previous === undefined) return typeof to !== 'object' || placeIn.has(to.before) ? to : undefined
    const before = waiting[placeIn.get(previous)! + 1]
    return before === undefined ? 'last' : { before }
  }

  function requireMemoryFor(specs: readonly (ExperimentSpec | RunSpec)[], kind = options.backend.kind): void {
    const active = [...unsettled.values()]
      .filter(({ id }) => isActive(id))
      .map(({ id, status }) => ({
        memoryBytes: memoryOfRun(id),
        isHeld: status !== 'queued' && !pausedWhileWaiting(id),
      }))
    requireMemory(specs, { atOnce: runsAtOnce(options.slots, { ...options.backend, kind }), active })
  }

  /** It has no worker: it was paused before its turn came. */
  function pausedWhileWaiting(runId: string): boolean {
    return !queue.holdsPlace(runId)
  }

  function memoryOfRun(runId: string, spec = () => archive.runs.run(runId).spec): number {
    const bytes = memory.get(runId) ?? memoryOf(spec())
    memory.set(runId, bytes)
    return bytes
  }

  /** One thread each for as many runs as there are slots; for fewer, what the choice finds fastest, or an even share. */
  function threadsOfEach(): number | undefined {
    const { running, queued } = load()
    const sharing = running + queued
    if (options.backend.threads !== undefined) return options.backend.threads
    return sharing === 1 ? undefined : evenThreads(options.slots, sharing)
  }

  async function prepare(runId: string, plan: () => PlannedRun, choose: typeof options.choose): Promise<WaitingJob> {
    const { spec, backend: kind = options.backend.kind, threads, device, like } = plan()
    memoryOfRun(runId, () => spec)
    const request = (backend: BackendRequest) =>
      choose({
        backend,
        size: problemSize(spec),
        multiplyAddsPerStep: estimateCost(spec, 1).multiplyAddsPerStep,
        precision: precisionOf(spec),
        maxThreads: options.slots,
        cacheFolder: options.cacheFolder,
      })
    const usual = () => request({ kind, threads, device })
    return {
      runId,
      group: archive.runs.experimentOf(runId),
      backend: await (like ? request(arithmeticOf(like, threads)).catch(orElse(usual)) : usual()),
      build() {
        const resumeFrom = archive.snapshots.latestSnapshot(runId)
        const initial = archive.runs.initialState(runId)
        const dataset = archive.datasets.ofRun(runId)
        return {
          spec,
          firstSequence: archive.runs.nextSequence(runId),
          secondsBefore: archive.runs.seconds(runId),
          ...(resumeFrom ? { resumeFrom } : {}),
          ...(initial ? { initial } : {}),
          ...(dataset ? { dataset } : {}),
        }
      },
    }
  }

  function storedRun(runId: string): PlannedRun {
    archive.integrity.require(runId)
    const { spec, provenance } = archive.runs.run(runId)
    // A resumed run must use the arithmetic it began with, or its bits would change.
    const began = archive.snapshots.latestStep(runId) !== undefined && provenance
    if (began) return { spec, backend: began.backend, threads: began.threads, device: began.device }
    return { spec, backend: archive.runs.backendAskedFor(runId) }
  }

  return {
    requireMemory: requireMemoryFor,
    start,
    pause(runIds) {
      for (const runId of runIds) {
        requireStatus(runId, ['queued', 'running'], 'only a run that waits or runs can be paused')
        if (!isActive(runId))
          throw new LabError('CONFLICT', `run ${runId} is not waiting in the queue; resume it first`)
      }
      setStatuses(runIds, 'paused')
      for (const runId of runIds) queue.pause(runId)
      changed(runIds)
    },
    continue(runIds) {
      // From "queued" too a run becomes "running", but not by being continued.
      for (const runId of runIds) requireStatus(runId, ['paused'], 'only a paused run can continue')
      const [waiting, begun] = [runIds.filter(pausedWhileWaiting), runIds.filter((id) => !pausedWhileWaiting(id))]
      archive.together(() => {
        for (const runId of waiting) archive.runs.setStatus(runId, 'queued')
        for (const runId of begun) archive.runs.setStatus(runId, 'running')
      })
      for (const runId of runIds) {
        queue.continue(runId)
        heldRunning.delete(runId)
      }
      changed(runIds)
    },
    cancel(runIds) {
      const active: readonly RunStatus[] = ['queued', 'running', 'paused']
      for (const runId of runIds) requireStatus(runId, active, 'only a run that waits or runs can be cancelled')
      end(
        runIds.filter((runId) => preparing.delete(runId) || queue.cancel(runId) !== 'asked'),
        'cancelled',
        { code: 'CANCELLED', message: 'it was waiting' },
      )
      announceLoad()
    },
    resume(runIds, steps) {
      for (const runId of runIds) requireOneByOne(archive.runs.run(runId), steps === undefined ? 'resumed' : 'extended')
      requireMemoryFor(runIds.map((runId) => archive.runs.run(runId).spec))
      archive.together(() => {
        for (const runId of runIds) {
          const isLeftOver = archive.runs.status(runId) === 'queued' && !isActive(runId)
          if (isLeftOver && (steps === undefined || steps === endOf(archive.runs.summary(runId)))) continue
          archive.runs.requeue(runId, { ...(steps === undefined ? {} : { steps }), isLeftOver })
        }
      })
      start(runIds)
    },
    isActive,
    order,
    arithmetic: queue.arithmetic,
    move(runIds, to) {
      const waiting = new Set(order().waiting)
      const before = beforeWhich(to)
      for (const runId of before === undefined ? runIds : [...runIds, before]) {
        if (!waiting.has(runId)) throw new LabError('CONFLICT', `run ${runId} does not wait for a place`)
      }
      if (before !== undefined && runIds.includes(before)) {
        throw new LabError('INVALID_REQUEST', `to.before: ${before} is among the runs that are moved`)
      }
      for (const [runId, move] of preparing) preparing.set(runId, afterMove(move, { runIds, to }))
      // Before one whose arithmetic is being chosen they are where that one comes, and come with it.
      const beside = before === undefined ? undefined : preparing.get(before)
      for (const runId of runIds) if (preparing.has(runId)) preparing.set(runId, beside ?? { runIds, to })
      queue.move(runIds, beside ? (placeOf(before!, beside, runIds) ?? 'last') : to)
      announceLoad()
    },
    hold(held) {
      if (held === queue.isHeld()) return
      const { running } = queue.order()
      // Those among them that are called queued have a place, and begin as soon as their worker does.
      const runIds = held
        ? running.filter((runId) => ['queued', 'running'].includes(archive.runs.status(runId)))
        : [...heldRunning].filter((runId) => running.includes(runId) && archive.runs.status(runId) === 'paused')
      setStatuses(runIds, held ? 'paused' : 'running')
      queue.hold(held)
      heldRunning = new Set(held ? runIds : [])
      for (const runId of runIds) queue[held ? 'pause' : 'continue'](runId)
      changed(runIds)
      announceLoad()
    },
    isHeld: () => queue.isHeld(),
    load,
    goingOn() {
      const isPaused = (runId: string) => unsettled.get(runId)?.status === 'paused'
      const computed = queue.order().running.filter((runId) => !isPaused(runId)).length
      if (queue.isHeld()) return computed
      const begins = computed > 0 || [...preparing.keys()].some((runId) => !isPaused(runId))
      return begins ? computed + load().queued : 0
    },
    close() {
      preparing.clear()
      return queue.close()
    },
  }
}
