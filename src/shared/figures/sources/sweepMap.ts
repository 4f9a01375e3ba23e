import { z } from 'zod'
import { maxRunIds } from '../../contract/runs.ts'
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

export const sweepMap: SourceDescription<SweepMapSource> = {
  async load({ kind: _, sweep, ...options }, request) {
    const [panel] = await request('sweep.map', { sweep, options })
    if (!panel) throw new LabError('NOT_FOUND', `sweep ${sweep} has no cells`)
    return panel
  },
  nameOf: ({ color }) => (color === 'phase' ? 'phase' : findQuantity(color).label),
  async runsBehind({ sweep }, request) {
    const [{ runs }, { added }] = await Promise.all([
      request('sweep.show', { sweep }),
      // Its own runs are not needed, which may be many.
      request('sweep.runs', { sweep, after: Number.MAX_SAFE_INTEGER }),
    ])
    const places = Array.from({ length: runs }, (_, place) => place)
    const runIds = added.map(({ run }) => run.id)
    for (let from = 0; from < places.length; from += maxRunIds) {
      const part = places.slice(from, from + maxRunIds)
      runIds.push(...(await request('sweep.runIds', { sweep, places: part })).runIds)
    }
    return { runIds: [...new Set(runIds)] }
  },
}
