import { exportRun, type ExportFormat } from '../../services/interchange/exportRun.ts'
import { readArchive } from '../../services/readArchive.ts'
import { writeOutput } from '../writeOutput.ts'

/** `grokscope export RUN --format FORMAT --out FILE`. */
export async function exportCommand(
  reference: string,
  options: { archive?: string; format: ExportFormat; out: string; force?: boolean },
): Promise<void> {
  await readArchive(options.archive, async (archive) => {
    const { content } = exportRun(archive, archive.runs.resolve(reference), options.format)
    await writeOutput(options.out, content, { force: options.force, protect: archive.files })
  })
}
