import type { ExportFormatName } from '../../services/interchange/exportFormats.ts'
import { exportRun } from '../../services/interchange/exportRun.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { readArchive } from '../../services/readArchive.ts'
import { warnOfDamage } from '../warnOfDamage.ts'
import { writeOutput } from '../writeOutput.ts'

/** `grokscope export RUN --format FORMAT --out FILE`. */
export async function exportCommand(
  reference: string,
  options: { archive?: string; format: ExportFormatName; out: string; force?: boolean },
): Promise<void> {
  await readArchive(options.archive, async (archive) => {
    const runId = archive.runs.resolve(reference)
    const caller = openNodeCaller()
    try {
      const { content } = exportRun(archive, runId, options.format, caller)
      await writeOutput(options.out, content, { force: options.force, protect: archive.files })
    } finally {
      await caller.close()
    }
    warnOfDamage(runId, archive.integrity.checkWhole(runId).findings)
  })
}
