import { planCell } from '../../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../../shared/sweep/sweepSchema.ts'
import type { SweepFolder } from '../../../sweep/sweepFolder.ts'
import { foreseeRun } from '../../../sweep/sweepPlan.ts'

const minMinutes = 10
/** A task that is not done by then goes on in its next start. */
const maxMinutes = 24 * 60
/** What a run took was up to three times what was foreseen, on a busy machine. */
const timeFactor = 4

/** Of the program itself, and of what it holds of a run to write it. */
const programMebibytes = 250

/** The time limit and the memory to ask for, such that the most costly task has enough of both. */
export function foreseeTask(sweep: Pick<SweepFolder, 'spec' | 'cells' | 'perTask'>): { time: string; mem: string } {
  const { spec, cells, perTask } = sweep
  const seeds = seedsOf(spec).length
  const costs = cells.map((changes) => foreseeRun(planCell(spec, changes).spec))
  let longest = 0
  for (let first = 0; first < costs.length * seeds; first += perTask) {
    let seconds = 0
    for (let place = first; place < Math.min(first + perTask, costs.length * seeds); place++) {
      seconds += costs[Math.floor(place / seeds)]!.seconds
    }
    longest = Math.max(longest, seconds)
  }
  const minutes = Math.ceil((timeFactor * longest) / 60)
  const bytes = costs.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0)
  return {
    time: String(Math.min(maxMinutes, Math.max(minMinutes, minutes))),
    mem: `${Math.ceil((2 * bytes) / 2 ** 20) + programMebibytes}M`,
  }
}
