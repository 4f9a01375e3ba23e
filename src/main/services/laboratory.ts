import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { toErrorRecord } from '../../shared/errors.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { OwnArchive } from '../../shared/contract/archives.ts'
import type { HostEventName, HostEvents, SharedHandlers } from '../../shared/contract.ts'
import type { RunEvent } from '../../shared/run.ts'
import { createCaller } from '../engine/host/caller.ts'
import { availableSlots } from '../engine/host/availableSlots.ts'
import { chooseArithmetic } from '../engine/host/chooseArithmetic.ts'
import type { BackendRequest, ChoiceRequest } from '../engine/messages.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { openArchive } from '../store/archive.ts'
import { computeAnalysis } from './analyses.ts'
import { createArchiveService } from './archives.ts'
import { callAlone, createComputations } from './computations.ts'
import { createExperimentService, type ExperimentService } from './experiments.ts'
import { createFigureHandlers } from './figureHandlers.ts'
import { logToStandardError, type Log } from './logToStandardError.ts'
import { createMachineService } from './machine.ts'
import { createPaperService, type PaperService } from './paper.ts'
import { createPaperResults } from './paperResults.ts'
import { createReadAhead } from './readAhead.ts'
import { createReadHandlers } from './readHandlers.ts'
import { createRunHandlers } from './runHandlers.ts'
import { requestOf } from './requestOf.ts'
import type { Broadcast } from './broadcastEvents.ts'
import { readOnlyHandlers } from './readOnlyHandlers.ts'
import { createQueueView } from './queueView.ts'
import { createRunService, type RunService } from './runs.ts'
import { createSpeedService } from './speed.ts'
import { createSweepHandlers } from './sweepHandlers.ts'
import { createGpuEngine } from './sweeps/live/gpuEngine.ts'
import { createLiveMaps } from './sweeps/live/liveMaps.ts'
import { createPooledRuns } from './sweeps/live/pooledRuns.ts'
import { createSweepService } from './sweeps/sweeps.ts'
import { yieldingWorkers } from './sweeps/yieldingWorkers.ts'
import { createTouchedRuns } from './touchedRuns.ts'
import { withoutAnswer } from './withoutAnswer.ts'

/** What only a desktop has. */
export interface HostDialogs {
  chooseArchive(): Promise<{ path: string | null; hasDialog: boolean }>
  chooseFolder(): Promise<{ path: string | null; hasDialog: boolean }>
}

export interface LaboratoryOptions {
  archivePath: string
  /** Where what was measured on this machine is remembered; without it, it is not. */
  cacheFolder: string | undefined
  startWorker: StartWorker
  /** Starts the process that brings an archive of an earlier version to this one; without it, this process does. */
  startMigration?: StartWorker
  host: HostDialogs
  /** Whether runs that an earlier session left waiting go on at once. */
  startQueued?: boolean
  /** Whether nothing of the archive can change: it is only read, and another program may write it meanwhile. */
  readOnly?: boolean
  /** Runs at once, one thread each; as many as `availableSlots` finds unless told. */
  slots?: number | undefined
  backend?: BackendRequest
  /** Where what went wrong is written; standard error unless told. */
  log?: Log
}

type HostEventListener = <Name extends HostEventName>(name: Name, data: HostEvents[Name]) => void

/** The whole laboratory behind its contract, whatever host shows it. */
export interface Laboratory {
  /** All but what is each client's own (`createClientWatch`). */
  readonly handlers: SharedHandlers
  readonly experiments: ExperimentService
  readonly paper: PaperService
  readonly runs: RunService
  /** The name under which one's own archive is open. */
  readonly archivePath: string
  /** Every file that belongs to it. */
  readonly archiveFiles: readonly string[]
  /** The one run whose id begins with what a person typed. */
  resolveRun(reference: string): string
  /** Every host event, in order; what a listener throws is logged. The returned function ends it. */
  subscribe(listener: HostEventListener): () => void
  /** Every event of every run, after it was stored. */
  onRunEvents(listener: (events: readonly RunEvent[]) => void): () => void
  /** Makes ready what a page asks for first, while nobody waits for it. */
  prepare(): void
  /** Runs that are running or queued, those of sweeps among them. */
  activeRuns(): number
  /** Those that go on by themselves (`RunService.goingOn`), those of sweeps among them. */
  runsGoingOn(): number
  /** Whether the queue is paused. */
  isHeld(): boolean
  /** Once all has been looked at that lists say of specifications, and is stored anew where that was damaged. */
  readonly facetsRepaired: Promise<void>
  /** Stops running runs at a checkpoint, then closes the archives. */
  close(): Promise<void>
}

/** Opens an archive, unless it is open, and everything that works on it, in the order in which the parts need one another. */
export function openLaboratory(
  options: LaboratoryOptions,
  archive = openArchive(options.archivePath, { readOnly: options.readOnly ?? false }),
): Laboratory {
  const { startWorker, cacheFolder, log = logToStandardError } = options
  const slots = options.slots ?? availableSlots()
  const listeners = new Set<HostEventListener>()
  const eventListeners = new Set<(events: readonly RunEvent[]) => void>()
  const report = (error: unknown) => log(inspect(error))
  const broadcastEvent: Broadcast = (name, data) =>
    listeners.forEach((listener) => tryStep(() => listener(name, data), report))
  const touched = createTouchedRuns((data) => broadcastEvent('runs.touched', data))
  const broadcast: Broadcast = (name, data) => {
    broadcastEvent(name, data)
    touched.note(name, data)
    if (name !== 'run.changed') return
    // Whatever became of them, computed, moved or imported: the newest runs of their figures may be others.
    const figures = new Set((data as HostEvents['run.changed']).flatMap(({ figure }) => figure ?? []))
    for (const figure of figures) broadcastEvent('paper.changed', { figure })
  }

  const { readOnly = false } = options
  if (!readOnly) archive.runs.markInterrupted()
  const archives = createArchiveService(archive, { broadcast, startMigration: options.startMigration })
  const caller = createCaller(startWorker)
  // What follows a slider waits for nothing else.
  const sliderCaller = createCaller(startWorker)
  const computations = createComputations(broadcast)
  const machine = createMachineService(archive.path, caller, slots, cacheFolder)
  const backend: BackendRequest = { kind: 'auto', ...options.backend }
  const choose = (request: ChoiceRequest) => chooseArithmetic(caller, request)
  const runs = createRunService({
    archive,
    startWorker,
    broadcast,
    slots,
    backend,
    choose,
    cacheFolder,
    onEvents(events) {
      noteProgress(events)
      eventListeners.forEach((listener) => tryStep(() => listener(events), report))
    },
    log,
  })
  const speed = createSpeedService({ caller, choose, backend, slots, cacheFolder })
  const experiments = createExperimentService({ archive, runs, slots, backend, speed })
  const { showQueue, noteProgress } = createQueueView({ archive, runs, speed, slots })
  const results = createPaperResults({ archive, caller })
  const paper = createPaperService({ archive, results, experiments, speed })
  const reading = createReadHandlers({ find: (id) => archives.find(id), caller, results })
  const onEnded = () => broadcast('machine.load', runs.load())
  const sweeps = createSweepService({
    ...{ archive, startWorker, caller, broadcast, slots, onEnded, log },
    submit: experiments.submit,
    completeSweep: experiments.completeSweep,
  })
  const liveMaps = createLiveMaps({
    ...{ caller, createSweep: sweeps.create, onFault: report },
    startEngine: {
      here: (listener) =>
        createPooledRuns({ slots, startWorker: yieldingWorkers(startWorker), onFault: report, ...listener }),
      gpu: (listener) => createGpuEngine({ startWorker: yieldingWorkers(startWorker), ...listener }),
    },
  })
  if (options.startQueued) {
    sweeps.resume()
    const waiting = archive.runs.summaries(archive.runs.listIds({ status: ['queued'] }))
    // As they were asked for; lists have the newest experiment first.
    const experiments = [...Map.groupBy(waiting, ({ experimentId }) => experimentId).values()].reverse()
    const inOrder = experiments.flat().map(({ id }) => id)
    runs.start(inOrder.filter((runId) => archive.integrity.newer(runId) === null))
  }

  const changed = (runIds: readonly string[]) => broadcast('run.changed', archive.runs.summaries([...new Set(runIds)]))

  const readAhead = createReadAhead()
  let isClosing = false
  const facetsRepaired = readOnly ? Promise.resolve() : repairFacets().catch(report)
  let told = describeOwn()
  let toldFigures = readOnly ? tryStep(() => archive.figures.fingerprint(), report) : undefined
  /** What another program writes meanwhile, or does to the file, nobody tells of. */
  const lookout = readOnly ? setInterval(lookForChanges, secondsBetweenLooks * 1000).unref() : undefined

  function lookForChanges(): void {
    tryStep(() => {
      const own = describeOwn()
      if (own.failure?.message !== told.failure?.message) broadcastEvent('archive.described', own)
      told = own
      if (own.failure || !archive.hasChanged()) return
      broadcastEvent('runs.touched', { runIds: null })
      const figures = archive.figures.fingerprint()
      if (figures !== toldFigures) broadcastEvent('figure.changed', null)
      toldFigures = figures
    }, report)
  }

  function describeOwn(): OwnArchive {
    const own = { path: archive.path, readOnly }
    try {
      // One that is written is looked for before every change.
      if (readOnly) archive.requireFile()
      return { ...own, failure: null }
    } catch (error) {
      return { ...own, failure: toErrorRecord(error) }
    }
  }

  async function repairFacets(): Promise<void> {
    const repaired: string[] = []
    for (const runIds of archive.runs.repairFacets()) {
      repaired.push(...runIds)
      await pause(restMilliseconds, undefined, { ref: false })
      if (isClosing) return
    }
    if (repaired.length === 0) return
    log(`what lists show of these runs was damaged, and was restored from their specifications: ${repaired.join(', ')}`)
    changed(repaired)
  }

  const handlers: SharedHandlers = {
    'machine.describe': machine.describe,
    'machine.benchmark': ({ computation }) =>
      computation === undefined
        ? machine.benchmark(startWorker)
        : computations.run(computation, {}, (task) => machine.benchmark(startWorker, task)),

    'experiment.estimate': ({ spec, backend: kind, together }) => experiments.estimate(spec, kind, together),
    'dataset.describe': ({ path }) => experiments.describeDataset(path),
    'experiment.submit': ({ spec, ...extra }) => experiments.submit(spec, extra),
    'experiment.submitAll': ({ specs, folder, backend: kind }) =>
      experiments.submitAll(specs, { folder, backend: kind }),

    'queue.show': ({ limit }) => ({ ...showQueue(limit), sweepRuns: sweeps.computedRuns() }),
    'queue.move': withoutAnswer(({ runIds, to }) => runs.move(runIds, to)),
    'queue.hold': withoutAnswer(({ hold }) => runs.hold(hold)),

    ...reading,
    ...createRunHandlers({ archive, archives, runs, experiments, caller, readAhead, broadcast }),

    'analysis.compute'(requested) {
      const { computation, runId, step, kind, options: own, archive: id } = requested
      if (computation === undefined) return reading['analysis.compute'](requested)
      const source = archives.find(id)
      return computations.run(computation, requested, (task) =>
        computeAnalysis(
          (input) => callAlone(startWorker, 'analysis.compute', input, task),
          source,
          runId,
          step,
          kind,
          own,
        ),
      )
    },
    'computation.cancel': withoutAnswer(({ computation }) => computations.cancel(computation)),

    'paper.list': paper.cards,
    async 'paper.run'({ figure, integrator, missingOnly, backend: kind }) {
      const figureOptions = { ...(integrator && { integrator }), backend: kind }
      if (missingOnly) return paper.runMissing(figure, figureOptions)
      return { begun: await paper.run(figure, figureOptions), finished: [] }
    },
    'paper.explore': ({ computation, ...requested }) =>
      computation === undefined
        ? sliderCaller.call('paper.explore', { ...requested, isSimulated: false })
        : computations.run(computation, requested, (task) =>
            callAlone(startWorker, 'paper.explore', { ...requested, isSimulated: true }, task),
          ),

    'archive.describe': describeOwn,
    'archive.list': archives.list,
    'archive.openings': archives.openings,
    'archive.choose': () => options.host.chooseArchive(),
    'archive.open': ({ path }) => archives.open(path),
    'archive.close': withoutAnswer((data) => archives.close(data.archive)),
    'archive.export': ({ runIds }) => archives.exportRuns(runIds),
    'archive.import': (data) => archives.importRuns(data.archive, data.runIds),

    'sweep.choose': () => options.host.chooseFolder(),
    ...createSweepHandlers(sweeps, liveMaps),
    ...createFigureHandlers({ archive, broadcast, request: requestOf(reading) }),
  }

  return {
    handlers: readOnly ? readOnlyHandlers(handlers, archive.path) : handlers,
    experiments,
    paper,
    runs,
    archivePath: archive.path,
    archiveFiles: archive.files,
    resolveRun: (reference) => archive.runs.resolve(reference),
    subscribe: (listener) => addTo(listeners, listener),
    onRunEvents: (listener) => addTo(eventListeners, listener),
    prepare() {
      paper.prepare()
      void readAhead(() => archive.tables.readAhead([]))
    },
    activeRuns: () => runs.load().running + runs.load().queued + sweeps.openRuns(),
    runsGoingOn: () => runs.goingOn() + sweeps.openRuns(),
    isHeld: runs.isHeld,
    facetsRepaired,
    async close() {
      isClosing = true
      clearInterval(lookout)
      await Promise.all([liveMaps.close(), runs.close(), sweeps.close()])
      touched.end()
      await computations.close()
      await Promise.all([caller, sliderCaller].map((each) => each.close().catch(report)))
      await archives.closeAll().catch(report)
    },
  }
}

function addTo<T>(set: Set<T>, member: T): () => void {
  set.add(member)
  return () => set.delete(member)
}

const secondsBetweenLooks = 1
const restMilliseconds = 50
