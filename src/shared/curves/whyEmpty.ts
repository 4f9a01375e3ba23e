import { isSettled, type RunSummary } from '../run.ts'

/** Why a chart has nothing of some runs, of which those with an id in `read` have been read. */
export function whyEmpty(
  runs: readonly Pick<RunSummary, 'id' | 'step' | 'status'>[],
  read: Pick<ReadonlyMap<string, unknown>, 'has'>,
): string {
  if (!runs.some(({ step }) => step > 0)) {
    const hasBegun = runs.some(({ status }) => status !== 'queued')
    return hasBegun ? 'nothing measured yet' : 'waits for its turn: nothing measured yet'
  }
  if (!runs.every(({ id }) => read.has(id))) return 'the curves are being read'
  if (!runs.every(({ status }) => isSettled(status))) return 'nothing measured yet'
  return runs.length > 1 ? 'none of these runs measures it' : 'not measured by this run'
}
