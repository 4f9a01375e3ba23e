import type { Database, Statement } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { summarizedNames } from '../../shared/measurements.ts'
import { formatCount } from '../../shared/formatting/formatNumber.ts'
import { machineFields, type Measurements, type Provenance, type RunEvent, type RunStatus } from '../../shared/run.ts'
import type { MeasurementStore } from './measurements.ts'
import { runHashes } from './runHashes.ts'
import type { RunRecords } from './runRecords.ts'
import type { RunStore } from './runs.ts'
import type { SnapshotStore } from './snapshots.ts'
import { indicesToBytes, storedProvenance } from './storedDocuments.ts'

interface Parts {
  runs: RunStore
  measurements: MeasurementStore
  snapshots: SnapshotStore
  records: RunRecords
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
    const runIds = events.map(({ runId }) => runId)
    const isProgress = events.every(({ type }) => progressTypes.includes(type))
    const apply = () => {
      const progress = new Map<string, Progress>()
      for (const event of events) this.#apply(event, progress)
      for (const latest of progress.values()) {
        this.#write(latest)
        this.#parts.measurements.flush(latest.runId)
        if (latest.hasSettled) this.#parts.measurements.forgetCursor(latest.runId)
      }
    }
    try {
      this.#parts.records.change(runIds, apply, { isProgress })
    } catch (error) {
      this.#parts.measurements.forgetCursors()
      throw error
    }
  }

  /** Stores what a run tells in the place of all that it told before; its name, notes and tags stay, and a start that it was given. */
  replaceEvents(runId: string, events: readonly RunEvent[]): void {
    this.#parts.records.change([runId], () => {
      for (const statement of this.#statements.forget) statement.run(runId)
      this.#parts.measurements.forgetCursors()
      this.applyEvents(events)
    })
  }

  /** How far a run has come is written once for all its events, at the end and before its status changes. */
  #apply(event: RunEvent, progress: Map<string, Progress>): void {
    const { runId, sequence } = event
    if (event.type === 'started' || event.type === 'settled') {
      const before = progress.get(runId)
      if (before) this.#write(before)
      progress.delete(runId)
    }
    const latest = progress.get(runId) ?? { runId, state: this.#state(event), ...noProgress, values: {} }
    progress.set(runId, latest)
    if (sequence <= latest.state.sequence) return
    latest.sequence = Math.max(latest.sequence, sequence)
    switch (event.type) {
      case 'started':
        this.#start(event, latest.state)
        break
      case 'progress':
        Object.assign(latest, { step: event.step, tau: event.tau })
        break
      case 'measured':
        this.#parts.measurements.append(runId, event)
        noteMeasured(latest, event)
        break
      case 'snapshot':
        this.#parts.snapshots.store(runId, event.snapshot)
        break
      case 'event':
        this.#statements.event.run(event)
        break
      case 'settled':
        latest.hasSettled = true
        this.#settle(event)
    }
  }

  #write({ values, state: _, hasSettled: __, ...progress }: Progress): void {
    this.#statements.progress.run(progress)
    for (const [name, value] of Object.entries(values)) this.#statements.latest.run(progress.runId, name, value)
  }

  #state({ runId, type }: RunEvent): RunState {
    const state = this.#statements.state.get(runId) as RunState | undefined
    if (!state) throw new LabError('NOT_FOUND', `there is no run "${runId}" to store its event "${type}"`)
    return state
  }

  #start(event: RunEvent & { type: 'started' }, state: RunState): void {
    const { runId, provenance, train } = event
    // A run that was paused before its worker had begun waits all the same.
    if (!['running', 'paused'].includes(state.status)) this.#parts.runs.setStatus(runId, 'running')
    const reached = this.#statements.reached.pluck().get(runId) as number
    this.#statements.started.run({ runId, step: event.step, now: Date.now() })
    const stored = this.#statements.computedBy.pluck().get(runId) as string | null
    const earlier = storedProvenance(stored, `the provenance of run ${runId}`)
    const whole = earlier ? withEarlier(provenance, earlier, event.step, reached) : provenance
    this.#statements.provenance.run(JSON.stringify(whole), indicesToBytes(train), runId)
  }

  /** Whatever the archive thought the run was doing, it has ended: this is never refused. */
  #settle(event: RunEvent & { type: 'settled' }): void {
    const { runId, status, code, message, advice, report } = event
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
    this.#statements.hashes.run({ runId, ...runHashes(this.#database, runId) })
  }
}

/** Of what they tell, lists have no more than how far a run has come and what it measured last. */
const progressTypes: readonly RunEvent['type'][] = ['progress', 'measured', 'snapshot']

interface RunState {
  status: RunStatus
  sequence: number
}

/** What to change of a run; `null` leaves a column as it is. */
interface Progress extends Record<'step' | 'tau' | 'seconds', number | null> {
  runId: string
  /** Before the first of the events. */
  state: RunState
  sequence: number
  hasSettled: boolean
  /** The latest of those measurements that lists show. */
  values: Measurements
}

const noProgress = { sequence: -1, hasSettled: false, step: null, tau: null, seconds: null }

function noteMeasured(latest: Progress, { step, tau, seconds, values }: RunEvent & { type: 'measured' }): void {
  latest.step = step
  latest.tau = tau
  latest.seconds = seconds
  for (const name of summarizedNames) {
    const value = values[name]
    if (value !== undefined && !Number.isNaN(value)) latest.values[name] = value
  }
}

/** What computes a run from a step on, with what it was computed by before, whose measurements stay as far as they `reached`. */
function withEarlier(provenance: Provenance, earlier: Provenance, step: number, reached: number): Provenance {
  const different = ([...machineFields, 'threads', 'steps'] as const)
    .filter((field) => earlier[field] !== undefined && earlier[field] !== provenance[field])
    .map((field) => `${field} ${earlier[field]}`)
  const measured = reached > step ? `, measured to ${formatCount(reached)}` : ''
  const until = different.length > 0 ? [`until step ${formatCount(step)}${measured}: ${different.join(', ')}`] : []
  const before = [...(earlier.before ? [earlier.before] : []), ...until].join('; ')
  return before ? { ...provenance, before } : provenance
}

function place({ runId, step, tau, seconds }: RunEvent & { type: 'measured' | 'settled' }) {
  return { runId, step, tau, seconds }
}

function prepareStatements(database: Database) {
  const prepare = (sql: string): Statement => database.prepare(sql)
  return {
    state: prepare('SELECT status, sequence FROM runs WHERE id = ?'),
    reached: prepare('SELECT step FROM runs WHERE id = ?'),
    started: prepare('UPDATE runs SET step = @step, startedAt = coalesce(startedAt, @now) WHERE id = @runId'),
    computedBy: prepare('SELECT provenance FROM documents WHERE runId = ?'),
    provenance: prepare('UPDATE documents SET provenance = ?, train = ? WHERE runId = ?'),
    progress: prepare(`
      UPDATE runs SET sequence = max(@sequence, sequence),
        step = coalesce(@step, step), tau = coalesce(@tau, tau), seconds = coalesce(@seconds, seconds)
      WHERE id = @runId`),
    latest: prepare('INSERT OR REPLACE INTO latest (runId, name, value) VALUES (?, ?, ?)'),
    event: prepare(
      'INSERT OR IGNORE INTO events (runId, name, step, tau, value) VALUES (@runId, @name, @step, @tau, @value)',
    ),
    settled: prepare(`
      UPDATE runs SET status = @status, step = @step, tau = @tau, seconds = @seconds, code = @code,
        message = @message, largestLocalError = @largestLocalError, finishedAt = @now
      WHERE id = @runId`),
    report: prepare('UPDATE documents SET advice = ?, report = ? WHERE runId = ?'),
    forget: [
      prepare('DELETE FROM hotRows WHERE runId = ?'),
      prepare('DELETE FROM parts WHERE runId = ?'),
      prepare('DELETE FROM measurementColumns WHERE runId = ?'),
      prepare('DELETE FROM snapshots WHERE runId = ? AND given = 0'),
      prepare('DELETE FROM events WHERE runId = ?'),
      prepare('DELETE FROM latest WHERE runId = ?'),
      prepare('UPDATE documents SET advice = NULL, provenance = NULL, report = NULL, train = NULL WHERE runId = ?'),
      prepare(`
        UPDATE runs SET status = 'queued', code = NULL, message = NULL, step = 0, tau = 0, seconds = 0, startedAt = NULL,
          finishedAt = NULL, contentHash = NULL, resultHash = NULL, largestLocalError = NULL, sequence = -1
        WHERE id = ?`),
    ],
    hashes: prepare('UPDATE runs SET contentHash = @contentHash, resultHash = @resultHash WHERE id = @runId'),
  }
}
