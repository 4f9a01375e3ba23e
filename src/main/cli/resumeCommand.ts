import { shellQuoted } from '../../shared/shellQuoted.ts'
import type { RunSummary } from '../../shared/run.ts'

/** The command that goes on with these runs, as it is typed. */
export function resumeCommand(runIds: readonly string[], archive?: string): string {
  const option = archive === undefined ? '' : ` --archive ${shellQuoted(archive)}`
  return `grokscope resume ${runIds.join(' ')}${option}`
}

const runsInLine = 20

/** Says on standard error how to go on with those of the runs that were stopped. */
export function adviseResume(
  runs: readonly Pick<RunSummary, 'id' | 'status'>[],
  { archive, json }: { archive?: string; json?: boolean },
): void {
  const stopped = runs.filter(({ status }) => status === 'cancelled' || status === 'interrupted').map(({ id }) => id)
  if (json || stopped.length === 0) return
  for (let first = 0; first < stopped.length; first += runsInLine) {
    process.stderr.write(`${resumeCommand(stopped.slice(first, first + runsInLine), archive)}\n`)
  }
}
