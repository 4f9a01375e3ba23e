import { errorAdvice } from '../../../shared/errors.ts'
import { printableJson } from '../../../shared/printable.ts'
import { recordForScripts } from '../../services/interchange/recordForScripts.ts'
import { readArchive } from '../../services/readArchive.ts'
import { branchOriginOf } from '../../../shared/specification/specificationOfRun.ts'
import type { RunIntegrity } from '../../../shared/run.ts'
import { table } from '../text.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'

/** What is stored of a run against the hash that was made of it. */
const integrityWords = {
  same: 'stored data match their hash',
  differs: 'stored data differ from their hash',
  none: 'no hash yet',
} satisfies Record<RunIntegrity['hash'], string>

/** `grokscope show RUN`: what it was asked, what computed it, what happened, what was measured. */
export async function show(reference: string, options: { archive?: string; json?: boolean }): Promise<void> {
  await readArchive(options.archive, (archive) => {
    const { foreignSpec, ...run } = recordForScripts(archive.runs.shown(archive.runs.resolve(reference)))
    const spec = run.spec ?? foreignSpec
    const origin = branchOriginOf(run)
    const [parent] = origin ? archive.runs.summaries([origin.runId]) : []
    const newer = archive.integrity.newer(run.id)
    const snapshots = archive.snapshots.listSnapshots(run.id)
    const { hash, findings } = archive.integrity.checkWhole(run.id)
    if (options.json) {
      process.stdout.write(
        `${printableJson({ ...run, spec, hash, findings, newer, train: run.train ? [...run.train] : null, snapshots })}\n`,
      )
      return
    }
    const rows = [
      ['run', run.id],
      ['name', run.name],
      ['experiment', `${run.experiment} (${run.experimentId})`],
      ...(origin ? [['start', `step ${origin.step} of ${origin.runId}${parent ? ` (${parent.name})` : ''}`]] : []),
      ['status', `${run.status} at step ${run.step} of ${run.steps}, τ = ${formatNumber(run.tau)}`],
      ...(newer ? [['newer', `${newer}. ${errorAdvice.RUN_NEWER}`]] : []),
      ...(run.message ? [['message', run.code ? `${run.message} (${run.code})` : run.message]] : []),
      ...(run.advice ? [['advice', run.advice]] : []),
      ['integrity', [integrityWords[hash], ...findings].join('; ')],
      ...(run.specificationHash ? [['specification', run.specificationHash]] : []),
      ['time', formatDuration(run.seconds)],
      ...Object.entries(run.provenance ?? {}).map(([name, value]) => [
        name,
        typeof value === 'number' ? formatNumber(value, 3) : value,
      ]),
      ...run.events.map(({ name, step, tau, value }) => [
        name,
        `step ${step}, τ = ${formatNumber(tau)} (${formatNumber(value)})`,
      ]),
      ...Object.entries(run.report ?? {}).map(([name, value]) => [name, String(value)]),
      ['snapshots', snapshots.map(({ step }) => step).join(' ')],
      ...run.measured.map((name) => [name, lastValue(archive.curves.readColumn(run.id, name))]),
    ]
    process.stdout.write(`${table(rows)}\n\n${printableJson(spec, 2)}\n`)
  })
}

function lastValue(values: Float64Array): string {
  const last = values.findLast((value) => !Number.isNaN(value))
  return last === undefined ? '' : `${formatNumber(last, 6)} (last of ${values.length})`
}
