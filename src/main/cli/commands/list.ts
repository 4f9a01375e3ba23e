import { printable, printableJson } from '../../../shared/printable.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { readArchive } from '../../services/readArchive.ts'
import { table } from '../text.ts'
import { formatFixed } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'

/** `grokscope list [QUERY]`: a line a run, newest first. */
export async function list(query: string[], options: { archive?: string; json?: boolean }): Promise<void> {
  await readArchive(options.archive, (archive) => {
    const runs = archive.runs.listRuns({ where: query.join(' ') })
    if (options.json) for (const run of runs) process.stdout.write(`${printableJson(run)}\n`)
    else
      process.stdout.write(`${table([heads, ...runs.map(cells)])}\n${runs.length} runs in ${printable(archive.path)}\n`)
  })
}

const heads = ['run', 'name', 'dynamics', 'p', 'd_h', 'n', 'status', 'step', 'accuracy', 't_grok', 'time', 'tags']

function cells(run: RunSummary): string[] {
  const text = (value: number | null) => (value === null ? '' : String(value))
  return [
    run.id,
    run.name,
    [run.dynamics, run.integrator].filter(Boolean).join(', '),
    text(run.modulus),
    text(run.hidden),
    text(run.trainPairs),
    run.stalledStep === null ? run.status : `${run.status}, stalled at ${run.stalledStep}`,
    `${run.step}/${run.steps}`,
    run.testAccuracy === null ? '' : formatFixed(run.testAccuracy, 3),
    text(run.generalisedStep),
    formatDuration(run.seconds),
    run.tags.join(' '),
  ]
}
