import { z } from 'zod'
import { compareRuns } from '../../curves/comparison.ts'
import { groupingOfFigure, groupRuns } from '../../curves/groupRuns.ts'
import { parallelPanel, withRanges } from '../../curves/parallelPanel.ts'
import { readRuns } from '../../curves/readRuns.ts'
import { LabError } from '../../errors.ts'
import { findQuantity } from '../../map/mapQuantity.ts'
import { quote } from '../../quote.ts'
import { requireAll } from './requireAll.ts'
import { otherArchive, type SourceDescription } from './source.ts'

const name = z.string().min(1).max(200)

/** Some runs as lines across axes, each a field of their specifications or a number of theirs. */
export const parallelCoordinatesSchema = z.strictObject({
  kind: z.literal('parallelCoordinates'),
  runIds: z.array(z.string().min(1).max(40)).min(1).max(20_000),
  archive: otherArchive,
  /** Paths of fields, from left to right. */
  fields: z.array(name).max(100),
  /** Numbers of runs to the right of them, as maps are colored by. */
  quantities: z.array(name).min(1).max(100),
  /** The id of the grouping that has colors; by experiment where none is said. */
  groupBy: z.string().max(100).optional(),
  /** The parts of axes that are looked at, by field or number: runs elsewhere stand back. */
  ranges: z.record(name, z.tuple([z.number(), z.number()])).optional(),
})
export type ParallelCoordinatesSource = z.output<typeof parallelCoordinatesSchema>

export const parallelCoordinates: SourceDescription<ParallelCoordinatesSource> = {
  async load({ runIds, archive, fields, quantities, groupBy, ranges = {} }, request) {
    const { runs } = await readRuns({ runIds, archive }, request)
    requireAll(runIds, new Set(runs.map(({ id }) => id)))
    const unknown = fields.find((field) => !runs.some(({ facets }) => field in facets))
    if (unknown !== undefined) {
      throw new LabError('USAGE', `fields: none of these runs has a field ${quote(unknown)}`)
    }
    const grouping = groupingOfFigure(groupBy)
    const groups = groupRuns(compareRuns(runs, archive).runs, grouping)
    return withRanges(parallelPanel(groups, fields, quantities.map(findQuantity)), ranges)
  },
  nameOf: ({ quantities }) => `Parallel coordinates, ${quantities.map((each) => findQuantity(each).label).join(', ')}`,
  runsBehind: ({ runIds, archive }) => Promise.resolve({ runIds, archive }),
}
