import type { RoundForecast, SweepForecast, SweepRun } from '../../../shared/contract/sweeps.ts'
import type { ErrorRecord } from '../../../shared/errors.ts'
import type { RunStatus, RunSummary } from '../../../shared/run.ts'
import { describeCell } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import type { SweepFolder } from '../../sweep/sweepFolder.ts'
import type { SweepPlan } from '../../sweep/sweepPlan.ts'
import { readRun } from '../../sweep/sweepJournals.ts'
import type { PlannedRound } from './planRound.ts'

/** What a sweep is foreseen to be, on so many runs at once. */
export function forecastOf(plan: SweepPlan, slots: number, folder: string): SweepForecast {
  const { cells, keys, perTask, cost, spec } = plan
  return {
    cells: cells.length,
    seeds: seedsOf(spec).length,
    runs: keys.length,
    tasks: Math.ceil(keys.length / perTask),
    coreSeconds: cost.seconds,
    wallSeconds: cost.seconds / Math.min(slots, keys.length),
    memoryBytes: cost.memoryBytes,
    diskBytes: cost.diskBytes,
    first: describeCell(cells[0]!.changes),
    last: describeCell(cells.at(-1)!.changes),
    folder,
  }
}

/** What cells that refine a sweep are foreseen to take, on so many runs at once or on the sweep's GPU. */
export function forecastOfRound({ round, cells, seeds, seconds, gpu }: PlannedRound, slots: number): RoundForecast {
  const runs = cells.length * seeds
  const size = { round, cells: cells.length, seeds, runs }
  if (gpu !== null) return { ...size, coreSeconds: null, wallSeconds: seconds }
  return { ...size, coreSeconds: seconds, wallSeconds: seconds / Math.max(1, Math.min(slots, runs)) }
}

const stateOfStatus: Partial<Record<RunStatus, SweepRun['state']>> = {
  finished: 'finished',
  failed: 'failed',
  queued: 'waiting',
}

/** A run of the archive that was added to a cell. */
export function describeAdded({ id, seed, status, step, tau, message, events }: RunSummary): SweepRun {
  const reason = status === 'failed' ? message : null
  return { seed, state: stateOfStatus[status] ?? 'begun', step, tau, message: reason, events, runId: id }
}

/** Why runs could not be computed. */
export function describeProblems(problems: ReadonlyMap<string, ErrorRecord>): string | null {
  const [first] = problems
  if (!first) return null
  const others = problems.size > 1 ? `, and ${problems.size - 1} more` : ''
  return `run ${first[0]}: ${first[1].message}${others}`
}

/** A run by its journals. */
export function describeRun(folder: SweepFolder, key: string, paths: readonly string[] | undefined) {
  const { events, end } = readRun(folder, key, paths)
  const last = end ?? events.findLast((event) => event.type === 'measured')
  const told: SweepRun['events'] = {}
  for (const event of events) if (event.type === 'event') told[event.name] ??= { step: event.step, tau: event.tau }
  const endState = end?.status === 'finished' ? 'finished' : 'failed'
  const state: SweepRun['state'] = end ? endState : events.length > 0 ? 'begun' : 'waiting'
  return {
    state,
    step: last?.step ?? null,
    tau: last?.tau ?? null,
    message: (end?.status === 'failed' && end.message) || null,
    events: told,
  }
}
