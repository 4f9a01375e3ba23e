import { z } from 'zod'
import { statistics } from '../../map/cellStatistics.ts'
import { findQuantity } from '../../map/mapQuantity.ts'
import { sweepPlane } from '../../map/sweepPlane.ts'
import type { SourceDescription } from './source.ts'

/** A plane through a sweep that the archive knows. */
export const sweepMapSchema = z.strictObject({
  kind: z.literal('sweepMap'),
  sweep: z.string().min(1).max(40),
  x: z.string().min(1).max(200),
  y: z.string().min(1).max(200),
  color: z.string().min(1).max(100),
  statistic: z.enum(statistics),
  at: z
    .array(z.strictObject({ field: z.string().min(1).max(200), value: z.union([z.number(), z.string().max(5000)]) }))
    .max(20),
})
export type SweepMapSource = z.output<typeof sweepMapSchema>

/** So many of its runs are led to from a figure. */
const maxRuns = 1000

export const sweepMap: SourceDescription<SweepMapSource> = {
  async load({ sweep, ...look }, request) {
    const { runs } = await request('sweep.runs', { sweep })
    return sweepPlane(
      runs.map(({ run }) => run),
      look,
    ).panel
  },
  nameOf: ({ color }) => findQuantity(color).label,
  async runsBehind({ sweep }, request) {
    const { key } = await request('sweep.show', { sweep })
    const { runs } = await request('run.list', { where: `tag:"sweep:${key}"`, limit: maxRuns })
    return { runIds: runs.map(({ id }) => id) }
  },
}
