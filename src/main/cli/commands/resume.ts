import type { RunSummary } from '../../../shared/run.ts'
import { existingArchive } from '../../services/readArchive.ts'
import { writeClaims } from '../claimReport.ts'
import { watchRuns } from '../watchRuns.ts'
import { openFrom, report } from './run.ts'

/**
 * `grokscope resume RUN`: on from the last snapshot, with the arithmetic the run began with; then, where a figure of the
 * paper is drawn from it, that figure's claims.
 */
export async function resume(
  reference: string,
  options: { archive?: string; slots?: number; steps?: number; json?: boolean },
): Promise<void> {
  const laboratory = openFrom({ ...options, archive: existingArchive(options.archive) })
  const watch = watchRuns(laboratory, options.json)
  try {
    const runId = laboratory.resolveRun(reference)
    laboratory.runs.resume([runId], options.steps)
    const summaries = await watch.untilEnded([runId])
    report(summaries, options.json)
    const [{ figure }] = summaries as [RunSummary]
    const result = figure && (await laboratory.paper.show(figure))
    // A run with another integrator than the paper's is none of the figure's.
    if (result?.runs.some((run) => run.runId === runId)) writeClaims(result, options)
  } finally {
    watch.end()
    await laboratory.close()
  }
}
