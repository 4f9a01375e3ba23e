import { z } from 'zod'
import { mapStatistics, phaseThresholds } from './mapOptions.ts'

const field = z.string().min(1).max(200)

/** How runs are mapped: over which plane, and colored by what. */
export const mapLookSchema = z.strictObject({
  x: field,
  y: field,
  /** A number of runs, or `phase`. */
  color: z.string().min(1).max(100),
  statistic: z.enum(mapStatistics),
  boundary: z.enum(['x', 'y']).optional(),
  /** What tells phases apart, where it is not as usual. */
  thresholds: phaseThresholds.partial().optional(),
  /** Where the fields stand that are on neither axis. */
  at: z.array(z.strictObject({ field, value: z.string().max(5000) })).max(20),
})
export type MapLook = z.output<typeof mapLookSchema>
