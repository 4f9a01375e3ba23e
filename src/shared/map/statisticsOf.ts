import type { Statistic } from './cellStatistics.ts'
import { findQuantity } from './mapQuantity.ts'

/** The statistics that tell something of a number of runs: only what happens has a share. */
export function statisticsOf(color: string): Statistic[] {
  return findQuantity(color).isTime ? ['median', 'spread', 'share'] : ['median', 'spread']
}
