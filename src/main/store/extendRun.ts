import type { Database } from 'better-sqlite3'
import { LabError } from '../../shared/errors.ts'
import { toRunSpec, type RunSpec } from '../../shared/experiment.ts'
import { nameThings } from '../../shared/formatting/countThings.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import { endOf, type RunDetail } from '../../shared/run.ts'
import { changed, type Change } from '../../shared/specification/paths.ts'
import { extension } from '../../shared/training.ts'
import { removeIfUnused, storeFacets } from './runFacets.ts'
import type { SnapshotStore } from './snapshots.ts'
import { specificationHash } from './specificationHash.ts'

/**
 * Lets a run go on to more steps than its specification has, which is changed so; without its rule to stop. To be called
 * within a transaction. Throws CONFLICT where these are not more, and of a study, whose clock ends by itself.
 */
export function extendRun(database: Database, snapshots: SnapshotStore, run: RunDetail, steps: number): void {
  const end = endOf(run)
  if (steps <= end) {
    throw new LabError('CONFLICT', `run ${run.id} has ${end} ${nameThings(end, 'step')}; ${steps} would not extend it`)
  }
  if ('study' in run.spec) {
    throw new LabError('CONFLICT', `run ${run.id} is of a study, whose clock ends where its specification says`)
  }
  const changes: Change[] = extension(run.spec.dynamics, steps).map(({ path, value }) => ({
    path: `dynamics.${path}`,
    value,
  }))
  if (run.spec.stop) changes.push({ path: 'stop', value: undefined })
  const { seed, ...shared } = changed(run.spec, changes) as RunSpec
  const spec = toRunSpec(parseExperiment({ ...shared, seeds: [seed] }), seed)
  // All else stays as it was written: a field that has come since would make another specification of it.
  const set = database.prepare('UPDATE documents SET spec = json_set(spec, ?, CAST(? AS INTEGER)) WHERE runId = ?')
  const remove = database.prepare('UPDATE documents SET spec = json_remove(spec, ?) WHERE runId = ?')
  for (const { path, value } of changes) {
    if (value === undefined) remove.run(`$.${path}`, run.id)
    else set.run(`$.${path}`, value, run.id)
  }
  const before = database.prepare('SELECT setup FROM runs WHERE id = ?').pluck().get(run.id) as string
  const setup = storeFacets(database, spec)
  database
    .prepare('UPDATE runs SET steps = ?, setup = ?, specificationHash = ? WHERE id = ?')
    .run(steps, setup, specificationHash(spec), run.id)
  removeIfUnused(database, before)
  snapshots.demoteFinal(run.id)
}
