import { watchRuns } from '../watchRuns.ts'
import { openFrom, report } from './run.ts'

/** `grokscope resume RUN`: on from the last snapshot, with the arithmetic the run began with. */
export async function resume(
  reference: string,
  options: { archive?: string; steps?: number; json?: boolean },
): Promise<void> {
  const laboratory = openFrom(options)
  try {
    const runId = laboratory.resolveRun(reference)
    laboratory.runs.resume([runId], options.steps)
    report(await watchRuns(laboratory, [runId], options.json), options.json)
  } finally {
    await laboratory.close()
  }
}
