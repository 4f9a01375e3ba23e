import type { QueuedRun } from '../../../shared/contract/machine.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { printable, printableJson } from '../../../shared/printable.ts'
import { shellQuoted } from '../../../shared/shellQuoted.ts'
import { recordForScripts } from '../../services/interchange/recordForScripts.ts'
import { requireHost } from '../jobHost.ts'
import type { HostConnection } from '../../web/hostConnection.ts'
import { table } from '../text.ts'

interface QueueArguments {
  archive?: string
  json?: boolean
}

const shown = 1000

/** `grokscope queue`: what the window or `serve` that has the archive open computes, and what waits there, in order. */
export async function showQueue(options: QueueArguments): Promise<void> {
  await atHost(options, async ({ request }) => {
    const { isHeld, slots, running, waiting, total, sweepRuns } = await request('queue.show', { limit: shown })
    if (options.json) {
      const plain = ({ run, ...times }: QueuedRun) => ({ ...recordForScripts(run), ...times })
      const lists = { running: running.map(plain), waiting: waiting.map(plain) }
      print(printableJson({ isHeld, slots, total, sweepRuns, ...lists }))
      return
    }
    const rows = [
      ['', 'run', 'name', 'status', 'step', 'expected'],
      ...running.map((each) => line('', each, left(each.endsInSeconds))),
      ...waiting.map((each, place) => line(String(place + 1), each, begins(each.startsInSeconds))),
    ]
    print(table(rows))
    if (total > waiting.length) print(`and ${total - waiting.length} more`)
    const archive = options.archive === undefined ? '' : ` --archive ${shellQuoted(options.archive)}`
    const held = isHeld ? `; the queue is paused: \`grokscope queue continue${archive}\` resumes it` : ''
    print(`${running.length} of ${slots} running, ${total} waiting${held}`)
    if (sweepRuns > 0) print(ofSweeps(sweepRuns))
  })
}

/** `grokscope queue next RUN…`: before all others that wait; among themselves they stay in their order. */
export async function runNext(references: readonly string[], options: QueueArguments): Promise<void> {
  await atHost(options, async ({ request }, resolve) =>
    request('queue.move', { runIds: await resolve(references), to: 'first' }),
  )
}

/** `grokscope queue pause`, `grokscope queue continue`: all of it, and none of the sweeps, which is then said. */
export async function holdQueue(hold: boolean, options: QueueArguments): Promise<void> {
  await atHost(options, async ({ request }) => {
    await request('queue.hold', { hold })
    const { sweepRuns } = await request('queue.show', { limit: 0 })
    if (hold && sweepRuns > 0) process.stderr.write(`${ofSweeps(sweepRuns)}\n`)
  })
}

/** `grokscope queue cancel RUN…`: all of them or none. */
export async function cancelQueued(references: readonly string[], options: QueueArguments): Promise<void> {
  await atHost(options, async ({ request }, resolve) => request('run.cancel', { runIds: await resolve(references) }))
}

async function atHost(
  { archive }: QueueArguments,
  act: (host: HostConnection, resolve: (references: readonly string[]) => Promise<string[]>) => Promise<unknown>,
): Promise<void> {
  const { connection, resolve } = await requireHost(archive)
  try {
    await act(connection, resolve)
  } finally {
    connection.close()
  }
}

function line(place: string, { run }: QueuedRun, expected: string): string[] {
  return [place, run.id, printable(run.name), run.status, `${run.step}/${run.steps}`, expected]
}

const ofSweeps = (runs: number) =>
  `sweeps are computed beside the queue, with ${countThings(runs, 'run')} left: pause them in Sweeps`
const left = (seconds: number | null) => (seconds === null ? '' : `${formatDuration(seconds)} left`)
const begins = (seconds: number | null) => (seconds === null ? '' : `begins in ${formatDuration(seconds)}`)

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
