import type { MapPanel } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import type { Statistic } from './cellStatistics.ts'
import { mapPanel, mapRuns, quantityLayer, type RunMap } from './mapPanel.ts'
import { findQuantity } from './mapQuantity.ts'
import { runsAt, type FieldValue } from './slices.ts'

/** What of a sweep is looked at, without what only the laboratory draws. */
export interface PlaneLook {
  x: string
  y: string
  /** A number of runs. */
  color: string
  statistic: Statistic
  /** Where the fields stand that are on neither axis. */
  at: readonly FieldValue[]
}

/** A plane through a sweep, as cells of runs and as a picture of them; cells of both are in the same order. */
export function sweepPlane(
  runs: readonly RunSummary[],
  { x, y, color, statistic, at }: PlaneLook,
): { map: RunMap; panel: MapPanel } {
  const map = mapRuns(runsAt(runs, at), { x, y })
  return { map, panel: mapPanel(map, quantityLayer(map, color, statistic)) }
}

/** The statistics that tell something of a number of runs: only what happens has a share. */
export function statisticsOf(color: string): Statistic[] {
  return findQuantity(color).isTime ? ['median', 'spread', 'share'] : ['median', 'spread']
}
