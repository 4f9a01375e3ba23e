import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron'
import { printable } from '../../shared/printable.ts'
import type { RunStatus, RunSummary } from '../../shared/run.ts'
import type { Laboratory } from '../services/laboratory.ts'
import { bringForward } from './window.ts'

/**
 * What is seen of runs outside the window: while any goes on, one of a sweep too, the machine does not fall asleep. The taskbar shows
 * how far those of the queue are; at the end of the last one a notification tells how they went, unless the person is looking.
 */
export function showRunProgress(
  laboratory: Pick<Laboratory, 'subscribe' | 'runsGoingOn'>,
  window: BrowserWindow,
): void {
  /** Runs that were active since the machine was last idle, and how far each is. */
  const batch = new Map<string, { summary: RunSummary; done: number }>()
  let hasLoad = false
  let blocker: number | undefined
  let shown = -1
  let notification: Notification | undefined

  laboratory.subscribe((name, data) => {
    if (name === 'run.changed') (data as RunSummary[]).forEach(change)
    else if (name === 'run.progress') advance(data as { runId: string; step: number; steps: number })
    else if (name === 'machine.load') load(data as { running: number; queued: number })
    if (name === 'machine.load' || name === 'sweep.changed' || name === 'run.changed') keepAwake()
  })
  keepAwake()

  function change(summary: RunSummary): void {
    if (!batch.has(summary.id) && !isActive(summary.status)) return
    batch.set(summary.id, { summary, done: isActive(summary.status) ? fraction(summary) : 1 })
    showProgress()
  }

  function advance({ runId, step, steps }: { runId: string; step: number; steps: number }): void {
    const entry = batch.get(runId)
    if (entry) entry.done = fraction({ step, steps })
    showProgress()
  }

  function load({ running, queued }: { running: number; queued: number }): void {
    const hadLoad = hasLoad
    hasLoad = running + queued > 0
    if (hasLoad || !hadLoad) return
    notify([...batch.values()].map(({ summary }) => summary))
    batch.clear()
    showProgress()
  }

  function keepAwake(): void {
    if (laboratory.runsGoingOn() > 0) {
      blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    } else if (blocker !== undefined) {
      powerSaveBlocker.stop(blocker)
      blocker = undefined
    }
  }

  function showProgress(): void {
    if (window.isDestroyed()) return
    const entries = [...batch.values()]
    const mean = entries.reduce((sum, { done }) => sum + done, 0) / entries.length
    // Half a percent is what a taskbar can show.
    const next = entries.length === 0 ? -1 : Math.round(mean * 200) / 200
    if (next !== shown) window.setProgressBar(next)
    shown = next
  }

  function notify(runs: RunSummary[]): void {
    const text = describeOutcome(runs)
    if (!text || window.isDestroyed() || window.isFocused() || !Notification.isSupported()) return
    notification = new Notification(text)
    notification.on('click', () => bringForward(window))
    notification.show()
  }
}

/** How runs went, in a few words; null where there is nothing that a person did not do themselves. */
function describeOutcome(runs: readonly RunSummary[]): { title: string; body: string } | null {
  const count = (status: RunStatus) => runs.filter((run) => run.status === status).length
  const [finished, failed] = [count('finished'), count('failed')]
  if (finished + failed === 0) return null
  const parts = [finished && `${finished} finished`, failed && `${failed} failed`].filter((part) => part)
  const title = runs.length === 1 ? `Run ${runs[0]!.status}` : `Runs: ${parts.join(', ')}`
  const failure = runs.find((run) => run.status === 'failed')
  return { title, body: printable(failure ? `${failure.name}: ${failure.message}` : names(runs)) }
}

function names(runs: readonly RunSummary[]): string {
  const experiments = [...new Set(runs.map((run) => run.experiment))]
  return runs.length === 1 ? runs[0]!.name : experiments.join(', ')
}

function isActive(status: RunStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'paused'
}

function fraction({ step, steps }: { step: number; steps: number }): number {
  return steps > 0 ? Math.min(1, step / steps) : 0
}
