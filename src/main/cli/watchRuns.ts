import { MultiBar, type SingleBar } from 'cli-progress'
import type { HostEvents } from '../../shared/contract.ts'
import type { RunEvent, RunStatus, RunSummary } from '../../shared/run.ts'
import type { Laboratory } from '../services/laboratory.ts'
import { eventLine } from './eventLine.ts'
import { duration } from './text.ts'

const settledStatuses: readonly RunStatus[] = ['finished', 'failed', 'cancelled', 'interrupted']

/**
 * Waits until runs have ended, telling how far they are: bars on a terminal, plain lines elsewhere, or one JSON object
 * per event. The first interrupt stops them at a checkpoint. Call before the runs can have ended.
 */
export async function watchRuns(
  laboratory: Laboratory,
  runIds: readonly string[],
  json: boolean | undefined,
): Promise<RunSummary[]> {
  const ended = new Map<string, RunSummary>()
  const done = Promise.withResolvers<void>()
  const display = json ? jsonDisplay(laboratory, runIds) : process.stderr.isTTY ? barDisplay() : lineDisplay()
  const stop = () => laboratory.runs.cancel(runIds.filter((runId) => laboratory.runs.isActive(runId)))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)

  function note(summary: RunSummary): void {
    if (!runIds.includes(summary.id)) return
    display.status(summary)
    if (settledStatuses.includes(summary.status)) ended.set(summary.id, summary)
    if (ended.size === runIds.length) done.resolve()
  }

  const unsubscribe = laboratory.subscribe((name, data) => {
    if (name === 'run.changed') note(data as RunSummary)
    if (name === 'run.progress') display.progress(data as HostEvents['run.progress'])
  })
  for (const summary of await laboratory.handlers['run.list']({})) note(summary)
  await done.promise
  unsubscribe()
  display.end()
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  return runIds.map((runId) => ended.get(runId)!)
}

interface Display {
  status(summary: RunSummary): void
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
      const bar = bars.get(id) ?? multiBar.create(steps, step, { name: name.padEnd(28), status })
      bars.set(id, bar)
      bar.update(step, { status })
    },
    progress({ runId, step, stepsPerSecond, secondsLeft }) {
      bars.get(runId)?.update(step, { status: `${stepsPerSecond.toFixed(0)} steps/s, ${duration(secondsLeft)} left` })
    },
    end: () => multiBar.stop(),
  }
}

const linesEverySeconds = 10

function lineDisplay(): Display {
  const told = new Map<string, number>()
  const statuses = new Map<string, RunStatus>()
  return {
    status({ id, name, status, step, steps, message }) {
      if (statuses.get(id) === status) return
      statuses.set(id, status)
      process.stderr.write(`${id} ${name}: ${status} at step ${step} of ${steps}${message ? ` (${message})` : ''}\n`)
    },
    progress({ runId, step, steps, stepsPerSecond, secondsLeft }) {
      const now = Date.now()
      if (now - (told.get(runId) ?? 0) < 1000 * linesEverySeconds) return
      told.set(runId, now)
      const rate = `${stepsPerSecond.toFixed(0)} steps/s, ${duration(secondsLeft)} left`
      process.stderr.write(`${runId} step ${step} of ${steps}, ${rate}\n`)
    },
    end: () => {},
  }
}

/** Every event a line; a run whose worker died gets the `settled` line that it could not tell itself. */
function jsonDisplay(laboratory: Laboratory, runIds: readonly string[]): Display {
  const settled = new Set<string>()
  const write = (event: RunEvent) => {
    if (event.type === 'settled') settled.add(event.runId)
    process.stdout.write(`${eventLine(event)}\n`)
  }
  const unsubscribe = laboratory.onRunEvents((events) => {
    events.filter(({ runId }) => runIds.includes(runId)).forEach(write)
  })
  return {
    status({ id, status, step, tau, code, message }) {
      if (!settledStatuses.includes(status) || settled.has(id)) return
      // A settled event is stored, and its status told, before the event itself is passed on.
      queueMicrotask(() => {
        if (settled.has(id)) return
        settled.add(id)
        process.stdout.write(`${JSON.stringify({ type: 'settled', runId: id, status, step, tau, code, message })}\n`)
      })
    },
    progress: () => {},
    end: unsubscribe,
  }
}
