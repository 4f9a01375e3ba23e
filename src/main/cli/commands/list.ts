import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { printable, printableJson } from '../../../shared/printable.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { recordForScripts } from '../../services/interchange/recordForScripts.ts'
import { readArchive } from '../../services/readArchive.ts'
import { columnWidths, table } from '../text.ts'
import { formatFixed } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'

/** Runs in memory at once, however many there are. */
const batch = 1000

/** `grokscope list [QUERY]`: a line a run, newest first. */
export async function list(query: string[], options: { archive?: string; json?: boolean }): Promise<void> {
  await readArchive(options.archive, async (archive) => {
    const runIds = archive.runs.listIds({ where: query.join(' ') })
    async function* batches(): AsyncGenerator<RunSummary[]> {
      for (let first = 0; first < runIds.length; first += batch) {
        yield archive.runs.summaries(runIds.slice(first, first + batch))
        await nextTurn()
      }
    }
    if (options.json) {
      for await (const runs of batches()) {
        await print(runs.map((run) => `${printableJson(recordForScripts(run))}\n`).join(''))
      }
      return
    }
    // Once for the widths of the columns, and once more to print them.
    let widths = columnWidths([heads])
    for await (const runs of batches()) widths = columnWidths(runs.map(cells), widths)
    await print(`${table([heads], widths)}\n`)
    for await (const runs of batches()) await print(`${table(runs.map(cells), widths)}\n`)
    await print(`${countThings(runIds.length, 'run')} in ${printable(archive.path)}\n`)
  })
}

/** Waits until it is taken, where the reader is slower than the archive. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

const heads = ['run', 'name', 'dynamics', 'p', 'd_h', 'n', 'status', 'step', 'testAccuracy', 't_grok', 'time', 'tags']

function cells(run: RunSummary): string[] {
  const text = (value: number | null | undefined) => String(value ?? '')
  const { facets, events } = run
  return [
    run.id,
    run.name,
    [facets['dynamics.kind'], facets['dynamics.integrator.kind']].filter(Boolean).join(', '),
    text(facets['task.modulus']),
    text(facets['network.hidden']),
    text(run.trainPairs),
    events.stalled ? `${run.status}, stalled at ${events.stalled.step}` : run.status,
    `${run.step}/${run.steps}`,
    run.latest.testAccuracy === undefined ? '' : formatFixed(run.latest.testAccuracy, 3),
    text(events.generalized?.step),
    formatDuration(run.seconds),
    run.tags.join(' '),
  ]
}
