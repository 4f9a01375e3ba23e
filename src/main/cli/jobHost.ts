import type { HostEventName, HostEvents, RequestInput, Responses } from '../../shared/contract.ts'
import { mostSubmitted } from '../../shared/contract/experiments.ts'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { formatCount } from '../../shared/formatting/formatNumber.ts'
import type { BackendKind } from '../../shared/machine.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import type { FigureDescription, FigureOptions, FigureResult } from '../../shared/papers/figure.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import { isSettled, type RunEvent, type RunSummary } from '../../shared/run.ts'
import { encodeRequest, requireAcceptable } from '../../shared/wire.ts'
import { findHost, type ArchiveHolder } from '../services/hostRecord.ts'
import type { Laboratory, LaboratoryOptions } from '../services/laboratory.ts'
import { cacheFolder, openNodeLaboratory } from '../services/nodeLaboratory.ts'
import { readArchive } from '../services/readArchive.ts'
import { connectToHost, type HostConnection } from '../web/hostConnection.ts'

export interface LaboratoryArguments {
  archive?: string
  backend?: NonNullable<LaboratoryOptions['backend']>['kind']
  threads?: number
  slots?: number
}

type HostListener = <Name extends HostEventName>(name: Name, data: HostEvents[Name]) => void

/** Where the runs of a command are computed: in this program, or in the window or `serve` that has the archive open. */
export interface JobHost {
  /**
   * Several experiments, computed by `backend` where one is asked for; answers with their runs. All of them or none, unless they are more than
   * another program takes at once: then what it refuses later says how many it had taken.
   */
  submit(specs: readonly unknown[], folder: string, backend?: BackendKind): Promise<string[]>
  /** Queues runs again, by their ids or the first characters of these. */
  resume(references: readonly string[], steps: number | undefined): Promise<string[]>
  importRuns(file: string): Promise<HostedImport>
  describeFigure(figure: FigureId): Promise<FigureDescription>
  /**
   * Computes the experiments of a figure, or only those whose runs are not all finished: of the others the runs. By `backend`
   * where one is asked for.
   */
  runFigure(
    figure: FigureId,
    options: FigureOptions & { missingOnly: boolean; backend?: BackendKind | undefined },
  ): Promise<{ begun: string[]; finished: string[] }>
  /** Of its newest runs. */
  showFigure(figure: FigureId): Promise<FigureResult>
  evaluateFigure(figure: FigureId, runIds: readonly string[], options: FigureOptions): Promise<FigureResult>
  /** Every file that belongs to the archive. */
  archiveFiles(): Promise<readonly string[]>
  /** Stops those of the runs that have not ended. */
  cancel(runIds: readonly string[]): void
  /** `run.changed`, `run.preparing` and `run.progress` of the runs of this command. */
  subscribe(listener: HostListener): () => void
  /** What the runs tell, as far as it comes here: another program tells neither how they began nor the numbers of events. */
  onRunEvents(listener: (events: readonly HostedEvent[]) => void): () => void
  /** Rejects once nothing more is known of them: the program that computes them has ended, or cannot tell of them or stop them. */
  readonly gone: Promise<never>
  close(): Promise<void>
}

export type HostedImport = { path: string } & Responses['archive.import']

/** A snapshot of another program comes without its numbers. */
export type HostedEvent = RunEvent | HostedSnapshot | Omit<RunEvent & { type: 'measured' | 'event' }, 'sequence'>
type HostedSnapshot = { type: 'snapshot'; runId: string; snapshot: HostEvents['run.snapshotSaved']['snapshot'] }

/** How a laboratory is opened as a command was asked to. */
export function optionsFrom({ archive, slots, ...own }: LaboratoryArguments) {
  return { ...(archive === undefined ? {} : { archivePath: archive }), backend: backendOf(own), slots }
}

/** The backend that each run is to have; undefined where that is left to whoever computes them. */
export function namedBackend(backend: LaboratoryArguments['backend']): BackendKind | undefined {
  return backend === 'auto' ? undefined : backend
}

export function backendOf({ backend, threads }: Pick<LaboratoryArguments, 'backend' | 'threads'>) {
  return { kind: backend ?? 'auto', ...(threads === undefined ? {} : { threads }) } as const
}

/**
 * This program's own laboratory, or where a window or `serve` of this user has the archive open, that one. Throws ARCHIVE_LOCKED
 * where another program has it, and USAGE where threads or slots are asked for, which are then the other's. A
 * backend is of single runs, and is told when these are submitted.
 */
export async function openJobHost(options: LaboratoryArguments): Promise<JobHost> {
  try {
    return ownHost(await openNodeLaboratory(optionsFrom(options)))
  } catch (error) {
    const connection = await hostBehind(error)
    if (!connection) throw error
    const option = (['slots', 'threads'] as const).find((name) => options[name] !== undefined)
    if (option === undefined) return otherHost(connection, options.archive)
    connection.close()
    const what = `--${option} is not allowed: the archive is open in another Grokscope`
    throw new LabError('USAGE', `${what}, ${ownOf[option]}`)
  }
}

/** What another Grokscope decides for all its runs, and what to do about that. */
const ownOf = {
  slots:
    'which was started with slots of its own; leave --slots out, or close that one, or start it as `serve --slots N`',
  threads: 'which shares its threads among its runs; leave --threads out, or close that one',
}

/** The window or `serve` of this user that has an archive open. Throws NOT_FOUND where there is none, ARCHIVE_LOCKED where it does not answer. */
export async function requireHost(
  given: string | undefined,
): Promise<{ connection: HostConnection; resolve: (references: readonly string[]) => Promise<string[]> }> {
  let holder: ArchiveHolder | undefined
  let path = ''
  await readArchive(given, (archive) => {
    path = archive.path
    holder = archive.writer()
  })
  const connection = holder && (await connectToHolder(holder))
  if (!connection) throw new LabError('NOT_FOUND', `no window and no \`serve\` of yours has ${path} open`)
  return { connection, resolve: (references) => resolveRuns(given, references) }
}

/** The ids of runs by their first characters, in their order, each once. */
async function resolveRuns(archive: string | undefined, references: readonly string[]): Promise<string[]> {
  const runIds: string[] = []
  await readArchive(archive, ({ runs }) => {
    runIds.push(...new Set(references.map((reference) => runs.resolve(reference))))
  })
  return runIds
}

/**
 * The window or `serve` of this user for which an archive could not be opened; undefined where that failed for anything else. Throws
 * ARCHIVE_LOCKED where it does not answer.
 */
export async function hostBehind(error: unknown): Promise<HostConnection | undefined> {
  const isLocked = error instanceof LabError && error.code === 'ARCHIVE_LOCKED' && error.detail !== undefined
  return isLocked ? connectToHolder(error.detail as ArchiveHolder) : undefined
}

/** Undefined where it takes no work of this user. Throws ARCHIVE_LOCKED where it does not answer. */
async function connectToHolder(holder: ArchiveHolder): Promise<HostConnection | undefined> {
  const door = cacheFolder === undefined ? undefined : findHost(cacheFolder, holder)
  try {
    return door && (await connectToHost(door))
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'ARCHIVE_LOCKED') return undefined
    throw new LabError(error.code, `${holder.path} is open in process ${holder.pid}, but ${error.message}`)
  }
}

export function ownHost(laboratory: Laboratory): JobHost {
  const { runs, experiments, handlers, paper } = laboratory
  return {
    async submit(specs, folder, backend) {
      return (await experiments.submitAll(specs, { folder, backend })).flatMap(({ runIds }) => runIds)
    },
    async resume(references, steps) {
      const runIds = [...new Set(references.map(laboratory.resolveRun))]
      runs.resume(runIds, steps)
      return runIds
    },
    async importRuns(file) {
      const { id, path } = await handlers['archive.open']({ path: file })
      const outcome = await handlers['archive.import']({ archive: id })
      await handlers['archive.close']({ archive: id })
      return { path, ...outcome }
    },
    describeFigure: paper.describe,
    async runFigure(figure, options) {
      return idsOfBegun(await handlers['paper.run']({ figure, watch: false, ...options }))
    },
    showFigure: paper.show,
    evaluateFigure: paper.evaluate,
    archiveFiles: async () => laboratory.archiveFiles,
    cancel: (runIds) => runs.cancel(runIds.filter(runs.isActive)),
    subscribe: laboratory.subscribe,
    onRunEvents: laboratory.onRunEvents,
    gone: new Promise(() => undefined),
    close: laboratory.close,
  }
}

/** Runs in one answer. */
const batch = 1000

export function otherHost(connection: HostConnection, archive: string | undefined): JobHost {
  const { request } = connection
  const listeners = new Set<HostListener>()
  const own = new Set<string>()
  process.stderr.write('the archive is open in another Grokscope, which computes this\n')
  connection.subscribe((name, data) => {
    // Every client is told what is prepared for which run.
    if (name === 'run.preparing' && !own.has((data as HostEvents['run.preparing']).runId)) return
    listeners.forEach((listener) => listener(name, data))
  })
  /** Where its runs can be neither followed nor stopped, a command must not wait for them. */
  const failure = Promise.withResolvers<never>()
  const gone = Promise.race([connection.gone, failure.promise])
  gone.catch(() => undefined)
  const fail = (what: string) => (error: unknown) => {
    const { code, message } = toErrorRecord(error)
    failure.reject(new LabError(code, `${what}: ${message}`))
  }
  connection.onEventsLost(() => void tellAnew([...own]).catch(fail('the runs go on, but cannot be followed')))

  async function summaries(runIds: readonly string[]): Promise<RunSummary[]> {
    return (await request('run.list', { runIds: [...runIds], limit: batch })).runs
  }

  /** What an event says of a run while these are read is newer, and stays: it may be the run's end. */
  async function tellAnew(runIds: readonly string[]): Promise<void> {
    for (let first = 0; first < runIds.length; first += batch) {
      const changed = new Set<string>()
      const stop = connection.subscribe((name, data) => {
        if (name === 'run.changed') (data as HostEvents['run.changed']).forEach(({ id }) => changed.add(id))
      })
      try {
        const read = await summaries(runIds.slice(first, first + batch))
        const told = read.filter(({ id }) => !changed.has(id))
        listeners.forEach((listener) => listener('run.changed', told))
      } finally {
        stop()
      }
    }
  }

  /** What they were before they were watched is told too. */
  async function begin(runIds: string[]): Promise<string[]> {
    runIds.forEach((runId) => own.add(runId))
    await tellAnew(runIds)
    return runIds
  }

  /**
   * The last first, since these wait: few of the others begin meanwhile. Where one ends between two requests, the second stops
   * none, and each half is tried alone.
   */
  async function cancel(runIds: readonly string[]): Promise<void> {
    if (runIds.length > batch) return cancelHalves(runIds)
    const active = new Set((await summaries(runIds)).filter(({ status }) => !isSettled(status)).map(({ id }) => id))
    const left = runIds.filter((runId) => active.has(runId))
    if (left.length === 0) return
    try {
      await request('run.cancel', { runIds: left })
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'CONFLICT') throw error
      await cancelHalves(left)
    }
  }

  async function cancelHalves(runIds: readonly string[]): Promise<void> {
    const half = Math.floor(runIds.length / 2)
    await cancel(runIds.slice(half))
    if (half > 0) await cancel(runIds.slice(0, half))
  }

  return {
    async submit(specs, folder, backend) {
      const runIds: string[] = []
      let submitted = 0
      for (const asked of partsOf({ specs: specs as Record<string, unknown>[], folder, backend, watch: true })) {
        const submissions = await request('experiment.submitAll', asked).catch((error: unknown) => {
          throw submitted === 0 ? error : withSubmitted(error, submitted, specs.length)
        })
        submitted += asked.specs.length
        runIds.push(...(await begin(submissions.flatMap((submission) => submission.runIds))))
      }
      return runIds
    },
    async resume(references, steps) {
      const runIds = await resolveRuns(archive, references)
      const asked = { runIds, watch: true }
      await (steps === undefined ? request('run.resume', asked) : request('run.extend', { ...asked, steps }))
      return begin(runIds)
    },
    async importRuns(file) {
      const before = await request('archive.list', {})
      const { id, path } = await request('archive.open', { path: file })
      try {
        return { path, ...(await request('archive.import', { archive: id })) }
      } finally {
        // One that a window shows stays open there.
        if (!before.some((each) => each.id === id))
          await request('archive.close', { archive: id }).catch(() => undefined)
      }
    },
    async describeFigure(figure) {
      const found = (await request('paper.list', {})).find(({ id }) => id === figure)
      if (!found) throw new LabError('NOT_FOUND', `the other Grokscope has no figure ${figure}`)
      return found
    },
    async runFigure(figure, options) {
      const ids = idsOfBegun(await request('paper.run', { figure, watch: true, ...options }))
      await begin(ids.begun)
      return ids
    },
    showFigure: (figure) => request('paper.show', { figure }),
    evaluateFigure: (figure, runIds, options) => request('paper.show', { figure, runIds: [...runIds], ...options }),
    async archiveFiles() {
      let files: readonly string[] = []
      await readArchive(archive, (opened) => void (files = opened.files))
      return files
    },
    cancel(runIds) {
      if (runIds.length > 0) void cancel(runIds).catch(fail('the runs could not be stopped'))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onRunEvents: (listener) =>
      connection.subscribe((name, data) => {
        const events = eventsIn(name, data)
        if (events.length > 0) listener(events)
      }),
    gone,
    async close() {
      connection.close()
    },
  }
}

type Submitted = RequestInput<'experiment.submitAll'>

/** What is asked of another program at once, of many experiments in several requests. Throws for one that is too large even alone. */
function partsOf({ specs, ...rest }: Submitted): Submitted[] {
  const parts: Submitted[] = []
  for (let first = 0; first < specs.length; first += mostSubmitted)
    parts.push(...halvesThatFit({ ...rest, specs: specs.slice(first, first + mostSubmitted) }))
  return parts
}

function halvesThatFit(asked: Submitted): Submitted[] {
  const { specs } = asked
  try {
    requireAcceptable('experiment.submitAll', asked)
    encodeRequest(0, 'experiment.submitAll', asked)
    return [asked]
  } catch (error) {
    if (specs.length === 1) throw error
    const half = Math.ceil(specs.length / 2)
    return [specs.slice(0, half), specs.slice(half)].flatMap((part) => halvesThatFit({ ...asked, specs: part }))
  }
}

/** What went wrong once the other program had taken some of the experiments, which it keeps. */
function withSubmitted(error: unknown, submitted: number, of: number): LabError {
  const { code, message, detail } = toErrorRecord(error)
  const kept = `the first ${formatCount(submitted)} of the ${formatCount(of)} experiments had been submitted before, and stay so`
  return new LabError(code, `${message}; ${kept}`, detail, { cause: error })
}

function idsOfBegun({ begun, finished }: Responses['paper.run']): { begun: string[]; finished: string[] } {
  return { begun: begun.flatMap(({ runIds }) => runIds), finished }
}

function eventsIn<Name extends HostEventName>(name: Name, data: HostEvents[Name]): HostedEvent[] {
  switch (name) {
    case 'run.measured':
      return rowsOf(data as HostEvents['run.measured'])
    case 'run.event':
      return [{ type: 'event', ...(data as HostEvents['run.event']) }]
    case 'run.snapshotSaved':
      return [{ type: 'snapshot', ...(data as HostEvents['run.snapshotSaved']) }]
    default:
      return []
  }
}

/** Columns as rows; NaN stands in them for what was not measured at a step. */
function rowsOf({ runId, step, tau, seconds, values }: HostEvents['run.measured']): HostedEvent[] {
  const columns = Object.entries(values) as [MeasurementName, Float64Array][]
  return Array.from(step, (_, row) => ({
    type: 'measured' as const,
    runId,
    step: step[row]!,
    tau: tau[row]!,
    seconds: seconds[row]!,
    values: Object.fromEntries(
      columns.flatMap(([measurement, column]) => (Number.isNaN(column[row]) ? [] : [[measurement, column[row]!]])),
    ),
  }))
}
