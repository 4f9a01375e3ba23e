import type { RunEvent, Snapshot } from '../../../../shared/run.ts'
import type { WebGpuBackend } from '../../backend/webgpu.ts'
import { checkpointSpacing } from '../../checkpointSpacing.ts'
import { batchDevice } from './batchDevice.ts'
import { batchedRun, type BatchAnswer, type BatchedRun, type BatchRequest } from './batchedRun.ts'
import type { BatchShape } from './batchShape.ts'
import type { BatchableSpec } from './batchShapeOf.ts'

/** A run to be computed with others. */
export interface RunOfBatch {
  readonly runId: string
  readonly spec: BatchableSpec
  /** Where it goes on. */
  readonly resumeFrom?: Snapshot | undefined
  /** Seconds computed before. */
  readonly secondsBefore?: number | undefined
}

export interface BatchOptions {
  readonly backend: WebGpuBackend
  readonly signal?: AbortSignal | undefined
  /** Whether runs are saved now and then, and where they are cancelled; they are unless told otherwise. */
  readonly isSaved?: boolean
  /** Why this backend, for the record. */
  readonly choice?: string
  /** Runs at a time and steps of a dispatch, at most: no bit depends on them. */
  readonly places?: number
  readonly mostSteps?: number
  /** Told of a run that cannot begin, such as one whose start diverges before it; without this, that is thrown. */
  readonly onRefused?: (runId: string, error: unknown) => void
}

/** What a dispatch may take, so that a display on the same card does not wait: below the first, it takes more steps; above the second, fewer. */
const [briefMilliseconds, longMilliseconds] = [15, 40]

interface Seat {
  readonly run: BatchedRun
  readonly life: Generator<BatchRequest, void, BatchAnswer>
  request: BatchRequest
  readonly begunAt: number
  savedAt: number
}

export interface CrewOptions extends BatchOptions {
  readonly shape: BatchShape
  readonly places: number
}

/** Computes runs in so many places of a GPU, of those that are `waiting`, which others may take from as well; as `runBatch` says. */
export async function* batchCrew(waiting: Iterator<RunOfBatch>, options: CrewOptions): AsyncGenerator<RunEvent[]> {
  const { backend, shape, places, signal, choice = '', mostSteps = Infinity, isSaved = true } = options
  const device = await batchDevice(backend.gpu, shape, places)
  const seats: (Seat | undefined)[] = Array.from({ length: places })
  const most = Math.min(mostSteps, device.mostSteps)
  let atOnce = Math.min(8, most)
  let events: RunEvent[] = []

  const seated = () => seats.flatMap((seat, place) => (seat ? [{ seat, place }] : []))

  /** Lets a run go on to its next request; one that has ended leaves its place. */
  function goOn(place: number, run: BatchedRun, life: Seat['life'], answer?: BatchAnswer): void {
    let { value: request } = answer ? life.next(answer) : life.next()
    while (request?.kind === 'send') {
      device.send(place, request.state)
      request = life.next({}).value ?? undefined
    }
    events.push(...run.told())
    const now = performance.now()
    const { begunAt, savedAt } = seats[place] ?? { begunAt: now, savedAt: now }
    seats[place] = request ? { run, life, request, begunAt, savedAt } : undefined
  }

  function begun(given: RunOfBatch): BatchedRun | undefined {
    try {
      return batchedRun(given, shape, backend, choice)
    } catch (error) {
      if (!options.onRefused) throw error
      options.onRefused(given.runId, error)
      return undefined
    }
  }

  function fillPlaces(): void {
    for (let place = 0; place < seats.length; place++) {
      while (!seats[place]) {
        const { value: given, done } = waiting.next()
        if (done) return
        const run = begun(given)
        if (!run) continue
        device.put(place, run.data, run.state)
        goOn(
          place,
          run,
          run.live(() => atOnce),
        )
      }
    }
  }

  async function take(isTaken: (seat: Seat) => boolean = () => true): Promise<void> {
    const startedAt = performance.now()
    const plans = seats.map((seat) => (seat?.request.kind === 'take' && isTaken(seat) ? seat.request.plan : undefined))
    const { told, milliseconds = performance.now() - startedAt } = await device.take(plans)
    if (milliseconds > longMilliseconds) atOnce = Math.ceil(atOnce / 2)
    else if (milliseconds < briefMilliseconds) atOnce = Math.min(2 * atOnce, most)
    const present = seated().filter(({ place }) => plans[place] !== undefined)
    for (const { seat, place } of present) {
      seat.run.charge(milliseconds / 1000 / present.length)
      goOn(place, seat.run, seat.life, { told: told[place]! })
    }
  }

  /** Shows runs the states that they ask for, until none does. */
  async function show(): Promise<void> {
    for (;;) {
      const asking = seated().filter(({ seat }) => seat.request.kind === 'look')
      if (asking.length === 0) return
      const plans = seats.map((seat) => (seat?.request.kind === 'look' ? seat.request.plan : undefined))
      const there = asking.filter(({ place }) => plans[place] === undefined)
      const read = await device.read(there.map(({ place }) => place))
      const again = there.length < asking.length ? await device.retake(plans) : undefined
      const answers = asking.map(({ place }): BatchAnswer => {
        if (plans[place]) return { told: again!.told[place], state: again!.states[place] }
        return { state: read[there.findIndex((other) => other.place === place)] }
      })
      asking.forEach(({ seat, place }, i) => goOn(place, seat.run, seat.life, answers[i]))
    }
  }

  /** It would go on after a step of which nothing is recorded yet: that after an intervention. */
  const isRecordDue = ({ request }: Seat) => request.kind === 'take' && request.plan.steps.length === 0

  /** Whether so much of the time to its next checkpoint has passed. */
  function isSavingDue({ begunAt, savedAt }: Seat, share = 1): boolean {
    const now = performance.now()
    return now - savedAt > share * checkpointSpacing((now - begunAt) / 1000, { kept: true })
  }

  /** Those to be saved now: with one of them those of which half of that time has passed, since the device stands still for each reading. */
  function dueToBeSaved(): ReturnType<typeof seated> {
    if (!isSaved) return []
    const recorded = seated().filter(({ seat }) => !isRecordDue(seat))
    if (signal?.aborted) return recorded
    return recorded.some(({ seat }) => isSavingDue(seat)) ? recorded.filter(({ seat }) => isSavingDue(seat, 0.5)) : []
  }

  async function save(due: ReturnType<typeof seated>): Promise<void> {
    const states = await device.read(due.map(({ place }) => place))
    due.forEach(({ seat }, i) => {
      seat.savedAt = performance.now()
      seat.run.save(states[i]!)
      events.push(...seat.run.told())
    })
  }

  function* told(): Generator<RunEvent[]> {
    if (events.length === 0) return
    const all = events
    events = []
    yield all
  }

  try {
    for (;;) {
      if (!signal?.aborted) fillPlaces()
      if (seated().length === 0) break
      if (isSaved && signal?.aborted && seated().some(({ seat }) => isRecordDue(seat))) {
        await take(isRecordDue)
        await show()
      }
      const due = dueToBeSaved()
      if (due.length > 0) await save(due)
      if (signal?.aborted) break
      // Already queued while it is heard what the last dispatch told.
      const taking = take()
      taking.catch(() => undefined)
      yield* told()
      await taking
      await show()
    }
    for (const { seat } of seated()) {
      seat.run.cancel()
      events.push(...seat.run.told())
    }
    yield* told()
  } finally {
    device.end()
  }
}
