import { MultiBar, type SingleBar } from 'cli-progress'
import type { HostEvents } from '../../shared/contract.ts'
import { printable, printableJson } from '../../shared/printable.ts'
import { describePreparation } from '../../shared/preparation.ts'
import { isSettled, type RunStatus, type RunSummary } from '../../shared/run.ts'
import type { HostedEvent, JobHost } from './jobHost.ts'
import { stopSignal } from './stopSignal.ts'
import { formatShort } from '../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../shared/formatting/formatTime.ts'

export interface RunWatch {
  /** Waits for these runs, all of them started after the watch began. */
  untilEnded(runIds: readonly string[]): Promise<RunSummary[]>
  end(): void
}

/**
 * Tells how far the runs of a command are: bars on a terminal, plain lines elsewhere, or one JSON object per event.
 * Told to end, the program stops them at a checkpoint. Begins before they are submitted, so that nothing is missed.
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

  return {
    async untilEnded(runIds) {
      // It may have been told so while they were submitted.
      if (toldToEnd.aborted) stop()
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
      await Promise.race([allEnded, host.gone])
      return runIds.map((runId) => latest.get(runId)!)
    },
    end() {
      unsubscribe()
      display.end()
      toldToEnd.removeEventListener('abort', stop)
    },
  }
}

interface Display {
  status(summary: RunSummary): void
  preparing(told: HostEvents['run.preparing']): void
  progress(progress: HostEvents['run.progress']): void
  end(): void
}

function barDisplay(): Display {
  const multiBar = new MultiBar({
    format: '{name} [{bar}] {value}/{total} {status}',
    barsize: 28,
    hideCursor: true,
    stopOnComplete: false,
  })
  const bars = new Map<string, SingleBar>()
  return {
    status({ id, name, step, steps, status }) {
      const bar = bars.get(id) ?? multiBar.create(steps, step, { name: printable(name).padEnd(28), status })
      bars.set(id, bar)
      bar.update(step, { status })
    },
    preparing({ runId, preparation }) {
      if (preparation) bars.get(runId)?.update({ status: describePreparation(preparation) })
    },
    progress({ runId, step, stepsPerSecond, secondsLeft }) {
      bars
        .get(runId)
        ?.update(step, { status: `${formatShort(stepsPerSecond, 3)} steps/s, ${formatDuration(secondsLeft)} left` })
    },
    end: () => multiBar.stop(),
  }
}

const linesEverySeconds = 10

function lineDisplay(): Display {
  const told = new Map<string, number>()
  const statuses = new Map<string, RunStatus>()
  return {
    status({ id, name, status, step, steps }) {
      if (statuses.get(id) === status) return
      statuses.set(id, status)
      process.stderr.write(`${printable(`${id} ${name}: ${status} at step ${step} of ${steps}`)}\n`)
    },
    preparing({ runId, preparation }) {
      // A line for each kernel would be many.
      if (!preparation || (preparation.doing === 'compiling' && preparation.done > 0)) return
      process.stderr.write(`${printable(runId)} ${describePreparation(preparation)}\n`)
    },
    progress({ runId, step, steps, stepsPerSecond, secondsLeft }) {
      const now = Date.now()
      if (now - (told.get(runId) ?? 0) < 1000 * linesEverySeconds) return
      told.set(runId, now)
      const rate = `${formatShort(stepsPerSecond, 3)} steps/s, ${formatDuration(secondsLeft)} left`
      process.stderr.write(`${printable(runId)} step ${step} of ${steps}, ${rate}\n`)
    },
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
