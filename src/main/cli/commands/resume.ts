import { existingArchive } from '../../services/readArchive.ts'
import { watchRuns } from '../watchRuns.ts'
import { openFrom, report } from './run.ts'

/** `grokscope resume RUN`: on from the last snapshot, with the arithmetic the run began with. */
export async function resume(
  reference: string,
  options: { archive?: string; steps?: number; json?: boolean },
): Promise<void> {
  const laboratory = openFrom({ ...options, archive: existingArchive(options.archive) })
  const watch = watchRuns(laboratory, options.json)
  try {
    const runId = laboratory.resolveRun(reference)
    laboratory.runs.resume([runId], options.steps)
    report(await watch.untilEnded([runId]), options.json)
  } finally {
    watch.end()
    await laboratory.close()
  }
}
