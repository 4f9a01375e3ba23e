import { sweepRunStates, type SweepDetail, type SweepRunState } from '../../../shared/contract/sweeps.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { changesOfCells } from '../../../shared/sweep/planSweep.ts'
import { fieldsOf, type SweepSpec } from '../../../shared/sweep/sweepSchema.ts'
import { describeTask, isNetworkTask, taskSchema } from '../../../shared/tasks/tasks.ts'
import { shortEntry } from '../../formatting/entries.ts'

export interface CellCounts {
  runs: number
  finished: number
  failed: number
  begun: number
}

/** A cell as a line of a table. */
export interface SweepCellRow {
  /** Of the fields that the axes set, in their order. */
  values: string[]
  counts: CellCounts
}

/** The fields that the axes of a sweep set, in their order. */
export function sweptFields({ axes }: SweepSpec): string[] {
  return axes.flatMap(fieldsOf)
}

/** Whether the runs of a sweep answer with classes, which alone are memorized; true where its axes decide that. */
export function answersWithClasses({ task }: SweepSpec['base']): boolean {
  const { data } = taskSchema.safeParse(task)
  return !data || (isNetworkTask(data) && describeTask(data).targets(data) === 'classes')
}

/** What the cells of a sweep set, those included that refine it, in words. */
export function cellValues(spec: SweepSpec, refined: SweepDetail['refined']): string[][] {
  return [...changesOfCells(spec), ...refined].map((changes) =>
    changes.map(({ path, value }) => shortEntry(value, path)),
  )
}

export function cellRows(values: readonly string[][], { states, seeds }: SweepDetail): SweepCellRow[] {
  return values.map((each, cell) => ({ values: each, counts: countStates(states, cell * seeds, seeds) }))
}

function countStates(states: Uint8Array, from: number, runs: number): CellCounts {
  const counts: Record<SweepRunState, number> = { waiting: 0, begun: 0, finished: 0, failed: 0 }
  for (let place = from; place < from + runs; place++) counts[sweepRunStates[states[place]!]!] += 1
  const { finished, failed, begun } = counts
  return { runs, finished, failed, begun }
}

export function describeCounts({ runs, finished, failed, begun }: CellCounts): string {
  if (finished === runs) return 'finished'
  if (finished + failed + begun === 0) return 'waiting'
  return [
    ...(finished > 0 ? [`${formatCount(finished)} finished`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(begun > 0 ? [`${formatCount(begun)} begun`] : []),
  ].join(', ')
}
