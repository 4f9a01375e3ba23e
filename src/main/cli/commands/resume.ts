import { existingArchive } from '../../services/readArchive.ts'
import { writeClaims } from '../claimReport.ts'
import { openJobHost } from '../jobHost.ts'
import { adviseResume } from '../resumeCommand.ts'
import { watchRuns } from '../watchRuns.ts'
import { report } from './run.ts'

/**
 * `grokscope resume RUN…`: on from the last snapshots, with the arithmetic each run began with, all of them or none; then the
 * claims of the paper's figures that are drawn from them.
 */
export async function resume(
  references: readonly string[],
  options: { archive?: string; slots?: number; steps?: number; json?: boolean },
): Promise<void> {
  const host = await openJobHost({ ...options, archive: existingArchive(options.archive) })
  const watch = watchRuns(host, options.json)
  try {
    const runIds = await host.resume(references, options.steps)
    const ended = await watch.untilEnded(runIds)
    report(ended, options.json)
    adviseResume(ended, options)
    for (const figure of new Set(ended.flatMap((run) => run.figure ?? []))) {
      const result = await host.showFigure(figure)
      // A run with another integrator than the paper's is none of the figure's.
      if (result.runs.some(({ runId }) => runId !== null && runIds.includes(runId))) writeClaims(result, options)
    }
  } finally {
    watch.end()
    await host.close()
  }
}
