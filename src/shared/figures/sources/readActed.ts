import type { HostRequest } from '../../contract.ts'
import type { RunSummary, ShownRun } from '../../run.ts'

/** What is to be known of the runs that something was done to while they ran, by run id. */
export async function readActed(
  runs: readonly RunSummary[],
  archive: string | undefined,
  request: HostRequest,
): Promise<ReadonlyMap<string, ShownRun>> {
  const acted = runs.filter(({ facets }) => (facets.interventions ?? 0) > 0)
  const details = await Promise.all(acted.map(({ id: runId }) => request('run.show', { runId, archive })))
  return new Map(details.map((detail) => [detail.id, detail]))
}
