import { LabError } from '../../../shared/errors.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { hasEnded } from '../../../shared/map/mapCells.ts'
import type { RoundOptions } from '../../../shared/map/mapOptions.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { Change } from '../../../shared/specification/paths.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import type { Caller } from '../../engine/host/caller.ts'
import { requireSameVersion, sweepRunCommand, type SweepFolder } from '../../sweep/sweepFolder.ts'

/** The next round of a sweep, of which nothing is written yet. */
export interface PlannedRound {
  /** Its number, from 1 on. */
  round: number
  cells: Change[][]
  seeds: number
  /** On one core, or on the sweep's GPU, by what the runs of the sweep took there. */
  seconds: number
  /** The GPU that computes them; null where WebAssembly does. */
  gpu: string | null
}

/**
 * The cells that a sweep's map is worth more of (`refineMap`), each once, by all its `runs` in the order of its keys; none where all
 * neighbors agree. Throws CONFLICT where another version planned it or some of its runs have not ended, and USAGE where
 * no axis has numbers or no cell a neighbor.
 */
export async function planRound(
  sweep: SweepFolder,
  runs: readonly RunSummary[],
  options: RoundOptions,
  caller: Caller,
): Promise<PlannedRound> {
  requireSameVersion(sweep)
  const open = runs.filter((run) => !hasEnded(run)).length
  if (open > 0) {
    throw new LabError(
      'CONFLICT',
      `${countThings(open, 'run')} of ${sweep.path} ${open === 1 ? 'has' : 'have'} not ended, and a round needs all of them; compute ${open === 1 ? 'it' : 'them'} first with \`${sweepRunCommand(sweep)}\``,
    )
  }
  const found = await caller.call('map.refine', { spec: sweep.spec, runs: [...runs], options })
  const seeds = seedsOf(sweep.spec).length
  const places = new Map(runs.map(({ id }, place) => [id, place]))
  const cells = found.map(({ like, changes }) => {
    const cell = sweep.cells[Math.floor(places.get(like)! / seeds)]!
    return cell.map((change) => changes.find(({ path }) => path === change.path) ?? change)
  })
  // What lies midway of a row and of a column is found twice.
  const once = [...new Map(cells.map((cell) => [JSON.stringify(cell), cell])).values()]
  const secondsOfRun = runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length
  const seconds = secondsOfRun * once.length * seeds
  return { round: sweep.rounds + 1, cells: once, seeds, seconds, gpu: sweep.gpu }
}
