import { LabError } from '../../../shared/errors.ts'
import { printable, printableJson } from '../../../shared/printable.ts'
import { existingArchive, readArchive } from '../../services/readArchive.ts'
import { openFrom } from './run.ts'

/**
 * `grokscope import FILE…`: takes over the runs of other archives, each archive in one transaction, but for those that are
 * here already by content. Nothing is written before all files are archives. The exit code is 1 where a run was refused.
 */
export async function importCommand(
  files: readonly string[],
  { archive, json }: { archive?: string; json?: boolean },
): Promise<void> {
  for (const file of files) {
    if (file === '-') throw new LabError('USAGE', 'file: "-" is not allowed: an archive is read from a file')
    await readArchive(existingArchive(file), () => {})
  }
  const laboratory = openFrom({ ...(archive === undefined ? {} : { archive }) })
  const { handlers } = laboratory
  try {
    for (const file of files) {
      const { id, path } = await handlers['archive.open']({ path: file })
      const { imported, alreadyPresent, refused } = await handlers['archive.import']({ archive: id })
      await handlers['archive.close']({ archive: id })
      if (refused.length > 0) process.exitCode = 1
      for (const { runId, findings } of refused) {
        process.stderr.write(`${printable(`${path}: run ${runId} not imported: ${findings.join('; ')}`)}\n`)
      }
      const counts = `${imported} imported, ${alreadyPresent} already present, ${refused.length} refused`
      process.stdout.write(
        json
          ? `${printableJson({ type: 'imported', path, imported, alreadyPresent, refused })}\n`
          : `${printable(`${path}: ${counts}`)}\n`,
      )
    }
  } finally {
    await laboratory.close()
  }
}
