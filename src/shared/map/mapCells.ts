import { isSettled, type RunSummary } from '../run.ts'
import { valueOnAxis, type MapAxis } from './mapAxis.ts'

/** The runs of one place on a map, those that differ in their seed alone. */
export interface MapCell {
  /** As positions on the axes. */
  x: number
  y: number
  runs: RunSummary[]
}

/** The cells of a map in the order of their first runs. */
export function groupCells(runs: readonly RunSummary[], x: MapAxis, y: MapAxis): MapCell[] {
  const cells: MapCell[] = []
  const columns = new Map<number, Map<number, MapCell>>()
  for (const run of runs) {
    const at = { x: x.positionOf(valueOnAxis(run, x.field)), y: y.positionOf(valueOnAxis(run, y.field)) }
    const column = columns.get(at.x) ?? new Map<number, MapCell>()
    columns.set(at.x, column)
    const known = column.get(at.y)
    if (known) known.runs.push(run)
    else {
      const cell = { ...at, runs: [run] }
      column.set(at.y, cell)
      cells.push(cell)
    }
  }
  return cells
}

/** Of the runs of a cell, how many there are, have ended, and have failed. */
export interface RunCounts {
  runs: number
  ended: number
  failed: number
}

export function countRuns({ runs }: MapCell): RunCounts {
  const ended = runs.filter(hasEnded)
  return { runs: runs.length, ended: ended.length, failed: ended.filter(({ status }) => status === 'failed').length }
}

/** Whether all is known of a run that ever will be: one that was cancelled or interrupted can be resumed. */
export function hasEnded({ status }: Pick<RunSummary, 'status'>): boolean {
  return isSettled(status) && status !== 'cancelled' && status !== 'interrupted'
}
