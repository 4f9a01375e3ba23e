import { exportRun, type ExportFormat } from '../../services/interchange/exportRun.ts'
import { readArchive } from '../../services/readArchive.ts'
import { bytes } from '../text.ts'
import { writeWhole } from '../writeFile.ts'

/** `grokscope export RUN --format FORMAT --out FILE`. */
export async function exportCommand(
  reference: string,
  options: { archive?: string; format: ExportFormat; out: string },
): Promise<void> {
  await readArchive(options.archive, (archive) => {
    const file = exportRun(archive, archive.runs.resolve(reference), options.format)
    writeWhole(options.out, file.bytes)
    process.stdout.write(`${options.out}: ${bytes(file.bytes.length)}\n`)
  })
}
