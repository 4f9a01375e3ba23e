import type { Database, Statement } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import type { RunEvent, RunEventName, RunStatus } from '../../shared/run.ts'
import { contentHash } from './contentHash.ts'
import type { MeasurementStore } from './measurements.ts'
import type { RunStore } from './runs.ts'
import type { SnapshotStore } from './snapshots.ts'
import { indicesToBytes } from './storedDocuments.ts'

interface Parts {
  runs: RunStore
  measurements: MeasurementStore
  snapshots: SnapshotStore
}

/** Makes what runs tell part of the archive. */
export class EventRecorder {
  readonly #database: Database
  readonly #parts: Parts
  readonly #statements: ReturnType<typeof prepareStatements>

  constructor(database: Database, parts: Parts) {
    this.#database = database
    this.#parts = parts
    this.#statements = prepareStatements(database)
  }

  /** Stores all of the events or none; what a resumed run tells a second time is passed over. */
  applyEvents(events: readonly RunEvent[]): void {
    const apply = this.#database.transaction(() => {
      for (const event of events) this.#apply(event)
    })
    try {
      apply.immediate()
    } catch (error) {
      this.#parts.measurements.forgetCursors()
      throw error
    }
  }

  #apply(event: RunEvent): void {
    const { runId, sequence } = event
    const state = this.#statements.state.get(runId) as RunState | undefined
    if (!state) throw new LabError('NOT_FOUND', `there is no run "${runId}" to store its event "${event.type}"`)
    switch (event.type) {
      case 'started':
        this.#start(event, state)
        break
      case 'progress':
        this.#statements.progress.run(event)
        break
      case 'measured':
        this.#parts.measurements.append(runId, event)
        this.#statements.measured.run({ ...nothingMeasured, ...event.values, ...place(event) })
        break
      case 'snapshot':
        this.#parts.snapshots.store(runId, event.snapshot)
        break
      case 'event': {
        const isNew = this.#statements.event.run(event).changes > 0
        if (isNew) this.#statements.detected[event.name].run(event)
        break
      }
      case 'settled':
        this.#settle(event, state)
    }
    this.#statements.sequence.run(sequence, runId)
  }

  #start(event: RunEvent & { type: 'started' }, state: RunState): void {
    const { runId, sequence, provenance, train } = event
    if (sequence <= state.sequence) return
    if (state.status !== 'running') this.#parts.runs.setStatus(runId, 'running')
    this.#statements.started.run({ runId, step: event.step, now: Date.now() })
    this.#statements.provenance.run(JSON.stringify(provenance), indicesToBytes(train), runId)
  }

  /** Whatever the archive thought the run was doing, it has ended: this is never refused. */
  #settle(event: RunEvent & { type: 'settled' }, state: RunState): void {
    const { runId, sequence, status, code, message, advice, report } = event
    const isRepeated = sequence <= state.sequence && !activeStatuses.includes(state.status)
    if (isRepeated) return
    this.#parts.measurements.seal(runId)
    this.#statements.settled.run({
      ...place(event),
      status,
      code: code ?? null,
      message: message ?? null,
      largestLocalError: report?.largestLocalError ?? null,
      now: Date.now(),
    })
    this.#statements.report.run(advice ?? null, report ? JSON.stringify(report) : null, runId)
    this.#statements.hash.run(contentHash(this.#database, runId), runId)
  }
}

const activeStatuses: readonly RunStatus[] = ['queued', 'running', 'paused']

interface RunState {
  status: RunStatus
  sequence: number
}

/** Measurements whose latest value a run's summary shows. */
const nothingMeasured = {
  trainLoss: null,
  testMse: null,
  trainAccuracy: null,
  testAccuracy: null,
  firstLayerNormSquared: null,
  secondLayerNormSquared: null,
}

function place({ runId, step, tau, seconds }: RunEvent & { type: 'measured' | 'settled' }) {
  return { runId, step, tau, seconds }
}

function prepareStatements(database: Database) {
  const prepare = (sql: string): Statement => database.prepare(sql)
  const detected: Record<RunEventName, Statement> = {
    memorised: prepare('UPDATE runs SET memorisedStep = @step, memorisedTau = @tau WHERE id = @runId'),
    halfRise: prepare('UPDATE runs SET halfRiseStep = @step, halfRiseTau = @tau WHERE id = @runId'),
    generalised: prepare('UPDATE runs SET generalisedStep = @step, generalisedTau = @tau WHERE id = @runId'),
    localErrorExceeded: prepare('UPDATE runs SET localErrorExceededStep = @step WHERE id = @runId'),
  }
  return {
    detected,
    state: prepare('SELECT status, sequence FROM runs WHERE id = ?'),
    sequence: prepare('UPDATE runs SET sequence = max(sequence, ?) WHERE id = ?'),
    started: prepare('UPDATE runs SET step = @step, startedAt = coalesce(startedAt, @now) WHERE id = @runId'),
    provenance: prepare('UPDATE documents SET provenance = ?, train = ? WHERE runId = ?'),
    progress: prepare('UPDATE runs SET step = @step, tau = @tau WHERE id = @runId'),
    measured: prepare(`
      UPDATE runs SET step = @step, tau = @tau, seconds = @seconds,
        ${Object.keys(nothingMeasured)
          .map((name) => `${name} = coalesce(@${name}, ${name})`)
          .join(', ')}
      WHERE id = @runId`),
    event: prepare(
      'INSERT OR IGNORE INTO events (runId, name, step, tau, value) VALUES (@runId, @name, @step, @tau, @value)',
    ),
    settled: prepare(`
      UPDATE runs SET status = @status, step = @step, tau = @tau, seconds = @seconds, code = @code,
        message = @message, largestLocalError = @largestLocalError, finishedAt = @now
      WHERE id = @runId`),
    report: prepare('UPDATE documents SET advice = ?, report = ? WHERE runId = ?'),
    hash: prepare('UPDATE runs SET contentHash = ? WHERE id = ?'),
  }
}
