import { maxWatched } from '../contract/inputs.ts'
import type { HostRequest, RequestInput } from '../contract.ts'
import { printableRun } from '../formatting/printableRun.ts'
import type { RunSummary } from '../run.ts'

export type RunQuestion = RequestInput<'run.list'>

/** The runs that a question is about, ready to be shown; those that it names by their ids all, in that order. */
export async function readRuns(
  question: RunQuestion,
  request: HostRequest,
): Promise<{ runs: RunSummary[]; total: number }> {
  const { runIds } = question
  if (!runIds) return printable(await request('run.list', question))
  const found = new Map<string, RunSummary>()
  for (let from = 0; from < runIds.length; from += maxWatched) {
    const part = runIds.slice(from, from + maxWatched)
    const { runs } = printable(await request('run.list', { ...question, runIds: part, limit: maxWatched }))
    for (const run of runs) found.set(run.id, run)
  }
  return { runs: runIds.flatMap((id) => found.get(id) ?? []), total: found.size }
}

function printable({ runs, total }: { runs: RunSummary[]; total: number }) {
  return { runs: runs.map(printableRun), total }
}
