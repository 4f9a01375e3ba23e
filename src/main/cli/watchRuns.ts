import { MultiBar, type SingleBar } from 'cli-progress'
import type { HostEvents } from '../../shared/contract.ts'
import { printable, printableJson } from '../../shared/printable.ts'
import { describePreparation } from '../../shared/preparation.ts'
import { isSettled, runStatuses, type RunStatus, type RunSummary } from '../../shared/run.ts'
import type { HostedEvent, JobHost } from './jobHost.ts'
import { stopSignal } from './stopSignal.ts'
import { formatCount, formatShort } from '../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../shared/formatting/formatTime.ts'

export interface RunWatch {
  /** Waits for these runs, all of them started after the watch began, and ends it, so that what is written next has the terminal for itself. */
  untilEnded(runIds: readonly string[]): Promise<RunSummary[]>
  /** Needed where nothing is waited for, as they could not be submitted. */
  end(): void
}

/**
 * Tells how far the runs of a command are: bars on a terminal while they are waited for, plain lines elsewhere, or one JSON object
 * per event. Told to end, the program stops them at a checkpoint. Begins before they are submitted, so that nothing is missed.
 */
export function watchRuns(host: JobHost, json: boolean | undefined): RunWatch {
  const latest = new Map<string, RunSummary>()
  const display = json ? jsonDisplay(host) : process.stderr.isTTY ? barDisplay() : lineDisplay()
  let whenChanged: (summary: RunSummary) => void = () => {}
  const stop = () => host.cancel([...latest.keys()].filter((runId) => !hasEnded(runId)))
  const toldToEnd = stopSignal()
  toldToEnd.addEventListener('abort', stop)

  const unsubscribe = host.subscribe((name, data) => {
    if (name === 'run.preparing') display.preparing(data as HostEvents['run.preparing'])
    if (name === 'run.progress') display.progress(data as HostEvents['run.progress'])
    if (name !== 'run.changed') return
    for (const summary of data as HostEvents['run.changed']) {
      latest.set(summary.id, summary)
      display.status(summary)
      whenChanged(summary)
    }
  })

  function hasEnded(runId: string): boolean {
    const status = latest.get(runId)?.status
    return status !== undefined && isSettled(status)
  }

  function end(): void {
    unsubscribe()
    display.end()
    toldToEnd.removeEventListener('abort', stop)
  }

  return {
    async untilEnded(runIds) {
      // It may have been told so while they were submitted.
      if (toldToEnd.aborted) stop()
      display.begin()
      const asked = new Set(runIds)
      // Of many runs, not each is asked after whenever one changes.
      const left = new Set(runIds.filter((runId) => !hasEnded(runId)))
      const allEnded = new Promise<void>((resolve) => {
        whenChanged = ({ id }) => {
          if (asked.has(id)) left[hasEnded(id) ? 'delete' : 'add'](id)
          if (left.size === 0) resolve()
        }
        if (left.size === 0) resolve()
      })
      try {
        await Promise.race([allEnded, host.gone])
      } finally {
        end()
      }
      return runIds.map((runId) => latest.get(runId)!)
    },
    end,
  }
}

interface Display {
  /** They are waited for: until it ends, nothing else is written. */
  begin(): void
  status(summary: RunSummary): void
  preparing(told: HostEvents['run.preparing']): void
  progress(progress: HostEvents['run.progress']): void
  /** Also again, and where it never began. */
  end(): void
}

/** Of a terminal that does not say how many it has. */
const usualRows = 24
/** One for the line above the bars, one for the cursor below them. */
const otherRows = 2

/**
 * A bar for each run that is being computed, as far as there are rows, below a line that counts all runs. A run that has ended
 * keeps its bar until another needs it.
 */
function barDisplay(): Display {
  const multiBar = new MultiBar({
    format: '{name} [{bar}] {value}/{total} {status}',
    barsize: 28,
    hideCursor: true,
    stopOnComplete: false,
    // Those below one that is removed move up.
    forceRedraw: true,
  })
  const runs = new Map<string, RunSummary>()
  const counts = new Map<RunStatus, number>()
  const computed = new Set<string>()
  const bars = new Map<string, SingleBar>()
  let heading: SingleBar | undefined

  function count(status: RunStatus, change: 1 | -1): void {
    counts.set(status, (counts.get(status) ?? 0) + change)
  }

  /** A terminal may have become smaller meanwhile. */
  function arrange(): void {
    if (!heading) return
    const room = Math.max(1, (process.stderr.rows || usualRows) - otherRows)
    for (const [runId, bar] of [...bars].slice(room)) {
      bars.delete(runId)
      multiBar.remove(bar)
    }
    for (const runId of computed) {
      if (!bars.has(runId)) giveBar(runs.get(runId)!, room)
    }
    heading.update({ text: describeRuns() })
  }

  /** A new one, or else that of a run which is not being computed. */
  function giveBar({ id, name, step, steps, status }: RunSummary, room: number): void {
    const shown = { name: printable(name).padEnd(28), status }
    if (bars.size < room) {
      bars.set(id, multiBar.create(steps, step, shown))
      return
    }
    const free = [...bars].find(([runId]) => !computed.has(runId))
    if (!free) return
    const [runId, bar] = free
    bars.delete(runId)
    bars.set(id, bar)
    bar.start(steps, step, shown)
  }

  function describeRuns(): string {
    const unseen = [...computed].filter((runId) => !bars.has(runId)).length
    const parts = runStatuses
      .filter((status) => counts.get(status))
      .map((status) => `${formatCount(counts.get(status)!)} ${status}`)
    return `${parts.join(', ')}${unseen > 0 ? `; ${formatCount(unseen)} being computed not shown` : ''}`
  }

  return {
    begin() {
      heading = multiBar.create(1, 0, { text: '' }, { format: '{text}' })
      arrange()
    },
    status(summary) {
      const { id, step, status } = summary
      const before = runs.get(id)
      if (before) count(before.status, -1)
      count(status, 1)
      runs.set(id, summary)
      computed[status === 'running' ? 'add' : 'delete'](id)
      bars.get(id)?.update(step, { status })
      arrange()
    },
    preparing({ runId, preparation }) {
      if (!preparation || !runs.has(runId)) return
      computed.add(runId)
      arrange()
      bars.get(runId)?.update({ status: describePreparation(preparation) })
    },
    progress({ runId, step, stepsPerSecond, secondsLeft }) {
      bars
        .get(runId)
        ?.update(step, { status: `${formatShort(stepsPerSecond, 3)} steps/s, ${formatDuration(secondsLeft)} left` })
    },
    end() {
      if (heading) multiBar.stop()
      heading = undefined
    },
  }
}

const linesEverySeconds = 10

function lineDisplay(): Display {
  const told = new Map<string, number>()
  const statuses = new Map<string, RunStatus>()
  function isDue(runId: string): boolean {
    const now = Date.now()
    if (now - (told.get(runId) ?? 0) < 1000 * linesEverySeconds) return false
    told.set(runId, now)
    return true
  }
  return {
    status({ id, name, status, step, steps }) {
      if (statuses.get(id) === status) return
      statuses.set(id, status)
      process.stderr.write(`${printable(`${id} ${name}: ${status} at step ${step} of ${steps}`)}\n`)
    },
    preparing({ runId, preparation }) {
      // A line for each kernel would be many.
      if (!preparation || (preparation.doing === 'compiling' && preparation.done > 0)) return
      if (preparation.doing === 'training' && !isDue(runId)) return
      process.stderr.write(`${printable(runId)} ${describePreparation(preparation)}\n`)
    },
    progress({ runId, step, steps, stepsPerSecond, secondsLeft }) {
      if (!isDue(runId)) return
      const rate = `${formatShort(stepsPerSecond, 3)} steps/s, ${formatDuration(secondsLeft)} left`
      process.stderr.write(`${printable(runId)} step ${step} of ${steps}, ${rate}\n`)
    },
    begin: () => {},
    end: () => {},
  }
}

/** Every event a line; a run whose worker died gets the `settled` line that it could not tell itself. */
function jsonDisplay(host: JobHost): Display {
  const settled = new Set<string>()
  const write = (event: HostedEvent) => {
    if (event.type === 'settled') settled.add(event.runId)
    process.stdout.write(`${eventLine(event)}\n`)
  }
  const unsubscribe = host.onRunEvents((events) => events.forEach(write))
  return {
    status({ id, status, step, tau, code, message }) {
      if (!isSettled(status) || settled.has(id)) return
      // A settled event is stored, and its status told, before the event itself is passed on.
      queueMicrotask(() => {
        if (settled.has(id)) return
        settled.add(id)
        process.stdout.write(`${printableJson({ type: 'settled', runId: id, status, step, tau, code, message })}\n`)
      })
    },
    preparing: () => {},
    progress: () => {},
    begin: () => {},
    end: unsubscribe,
  }
}

/** A run event as one line of JSON; a snapshot is described, its numbers stay in the archive. */
function eventLine(event: HostedEvent): string {
  if (event.type === 'snapshot') {
    const { matrices, ...rest } = event.snapshot
    const named = Array.isArray(matrices)
      ? matrices.map((each) => [each.name, each] as const)
      : Object.entries(matrices)
    const shapes = Object.fromEntries(named.map(([name, { rows, columns }]) => [name, [rows, columns]]))
    return printableJson({ ...event, snapshot: { ...rest, matrices: shapes } })
  }
  if (event.type === 'started') return printableJson({ ...event, train: [...event.train] })
  return printableJson(event)
}
