import { z } from 'zod'
import { LabError } from '../../errors.ts'
import { findQuantity } from '../../map/mapQuantity.ts'
import { mapLookSchema } from '../../map/mapLook.ts'
import { otherArchive, type SourceDescription } from './source.ts'

/** Some runs over a plane of two fields in which they differ. */
export const runMapSchema = z.strictObject({
  kind: z.literal('runMap'),
  runIds: z.array(z.string().min(1).max(40)).min(1).max(20_000),
  archive: otherArchive,
  ...mapLookSchema.shape,
})
export type RunMapSource = z.output<typeof runMapSchema>

export const runMap: SourceDescription<RunMapSource> = {
  async load({ kind: _, runIds, archive, ...options }, request) {
    const [panel] = await request('run.map', { runIds, archive, options })
    if (!panel) throw new LabError('NOT_FOUND', 'none of these runs has a place in a map')
    return panel
  },
  nameOf: ({ color }) => (color === 'phase' ? 'phase' : findQuantity(color).label),
  runsBehind: ({ runIds, archive }) => Promise.resolve({ runIds, archive }),
}
