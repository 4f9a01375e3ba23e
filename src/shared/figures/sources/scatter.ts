import { z } from 'zod'
import { compareRuns } from '../../curves/comparison.ts'
import { groupingOfFigure, groupRuns } from '../../curves/groupRuns.ts'
import { readRuns } from '../../curves/readRuns.ts'
import { scatterPanel } from '../../curves/scatterPanel.ts'
import { LabError } from '../../errors.ts'
import { findQuantity } from '../../map/mapQuantity.ts'
import { quote } from '../../quote.ts'
import { requireAll } from './requireAll.ts'
import { otherArchive, type SourceDescription } from './source.ts'

/** A number of some runs against a field of their specifications. */
export const scatterSchema = z.strictObject({
  kind: z.literal('scatter'),
  runIds: z.array(z.string().min(1).max(40)).min(1).max(20_000),
  archive: otherArchive,
  /** The path of a field. */
  field: z.string().min(1).max(200),
  /** A number of runs, as maps are colored by. */
  quantity: z.string().min(1).max(100),
  vertical: z.enum(['linear', 'log']),
  /** The id of the grouping that has colors; by experiment where none is said. */
  groupBy: z.string().max(100).optional(),
})
export type ScatterSource = z.output<typeof scatterSchema>

export const scatter: SourceDescription<ScatterSource> = {
  async load({ runIds, archive, field, quantity, vertical, groupBy }, request) {
    const { runs } = await readRuns({ runIds, archive }, request)
    requireAll(runIds, new Set(runs.map(({ id }) => id)))
    if (!runs.some(({ facets }) => field in facets)) {
      throw new LabError('USAGE', `field: none of these runs has a field ${quote(field)}`)
    }
    const grouping = groupingOfFigure(groupBy)
    return scatterPanel(groupRuns(compareRuns(runs, archive).runs, grouping), field, findQuantity(quantity), vertical)
  },
  nameOf: ({ quantity }) => findQuantity(quantity).label,
  runsBehind: ({ runIds, archive }) => Promise.resolve({ runIds, archive }),
}
