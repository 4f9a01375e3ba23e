import { printable, printableJson } from '../../../shared/printable.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { recordForScripts } from '../../services/interchange/recordForScripts.ts'
import { readArchive } from '../../services/readArchive.ts'
import { table } from '../text.ts'
import { formatFixed } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'

/** `grokscope list [QUERY]`: a line a run, newest first. */
export async function list(query: string[], options: { archive?: string; json?: boolean }): Promise<void> {
  await readArchive(options.archive, (archive) => {
    const runs = archive.runs.listRuns({ where: query.join(' ') })
    if (options.json) for (const run of runs) process.stdout.write(`${printableJson(recordForScripts(run))}\n`)
    else
      process.stdout.write(`${table([heads, ...runs.map(cells)])}\n${runs.length} runs in ${printable(archive.path)}\n`)
  })
}

const heads = ['run', 'name', 'dynamics', 'p', 'd_h', 'n', 'status', 'step', 'accuracy', 't_grok', 'time', 'tags']

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
