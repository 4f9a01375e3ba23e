import { z } from 'zod'
import { LabError } from '../../errors.ts'
import { findQuantity } from '../../map/mapQuantity.ts'
import { mapLookSchema } from '../../map/mapLook.ts'
import type { SourceDescription } from './source.ts'

/** A plane through a sweep that the archive knows. */
export const sweepMapSchema = z.strictObject({
  kind: z.literal('sweepMap'),
  sweep: z.string().min(1).max(40),
  ...mapLookSchema.shape,
})
export type SweepMapSource = z.output<typeof sweepMapSchema>

/** So many of its runs are led to from a figure. */
const maxRuns = 1000

export const sweepMap: SourceDescription<SweepMapSource> = {
  async load({ kind: _, sweep, ...options }, request) {
    const [panel] = await request('sweep.map', { sweep, options })
    if (!panel) throw new LabError('NOT_FOUND', `sweep ${sweep} has no cells`)
    return panel
  },
  nameOf: ({ color }) => (color === 'phase' ? 'phase' : findQuantity(color).label),
  async runsBehind({ sweep }, request) {
    const { key } = await request('sweep.show', { sweep })
    const { runs } = await request('run.list', { where: `tag:"sweep:${key}"`, limit: maxRuns })
    return { runIds: runs.map(({ id }) => id) }
  },
}
