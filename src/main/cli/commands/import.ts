import { resolve } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { leftFigures } from '../../../shared/formatting/leftFigures.ts'
import { printable, printableJson } from '../../../shared/printable.ts'
import { leaveInOrder } from '../../services/leaveInOrder.ts'
import { requireArchive } from '../../services/readArchive.ts'
import { openJobHost, type HostedImport, type JobHost } from '../jobHost.ts'

/**
 * `grokscope import FILE…`: takes over the runs of other archives with the figures of them, each archive in one transaction, but for those that are
 * here already by content. Nothing is written before all files are archives. The exit code is 1 where a run was refused.
 */
export async function importCommand(
  files: readonly string[],
  options: { archive?: string; json?: boolean },
): Promise<void> {
  const { archive, json } = options
  let host: JobHost | undefined
  const close = async () => host?.close()
  // What is copied of an old archive is not left where the program is told to end.
  await leaveInOrder(close, async () => {
    for (const file of files) {
      if (file === '-') throw new LabError('USAGE', 'file: "-" is not allowed: an archive is read from a file')
      requireArchive(file)
    }
    host = await openJobHost({ ...(archive === undefined ? {} : { archive }) })
    try {
      for (const file of files) tell(await host.importRuns(resolve(file)), json)
    } finally {
      await close()
    }
  })
}

/** Sets the exit code where a run was refused. */
function tell({ path, ...outcome }: HostedImport, json: boolean | undefined): void {
  const { imported, alreadyPresent, refused, figures } = outcome
  if (refused.length > 0) process.exitCode = 1
  for (const { runId, findings } of refused) {
    process.stderr.write(`${printable(`${path}: run ${runId} not imported: ${findings.join('; ')}`)}\n`)
  }
  const left = leftFigures(outcome)
  if (left !== '') process.stderr.write(`${printable(`${path}: ${left}`)}\n`)
  const counts = `${imported} imported, ${alreadyPresent} already present, ${refused.length} refused${figures > 0 ? `, with ${countThings(figures, 'figure')}` : ''}`
  process.stdout.write(
    json ? `${printableJson({ type: 'imported', path, ...outcome })}\n` : `${printable(`${path}: ${counts}`)}\n`,
  )
}
