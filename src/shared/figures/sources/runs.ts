import { z } from 'zod'
import { comparedMoments } from '../../curves/comparedMoments.ts'
import { comparedParents, parentIds } from '../../curves/comparedParents.ts'
import { compareRuns } from '../../curves/comparison.ts'
import { curvesByRun } from '../../curves/curvesByRun.ts'
import { spreads } from '../../curves/groupBand.ts'
import { groupPanel } from '../../curves/groupPanel.ts'
import { asGroup, groupColors, groupingOfFigure, groupRuns, seriesOfGroup } from '../../curves/groupRuns.ts'
import { horizontalAxes, isLogAxis } from '../../curves/horizontalAxis.ts'
import { measurementFrame, overlayPanel } from '../../curves/overlayPanel.ts'
import { readRuns } from '../../curves/readRuns.ts'
import { measurementNames, measurements } from '../../measurements.ts'
import type { LinePanel, Series } from '../../panel.ts'
import { readActed } from './readActed.ts'
import { requireAll } from './requireAll.ts'
import { otherArchive, type SourceDescription } from './source.ts'

/** How curves of some runs are drawn. */
export const curvesLookSchema = z.strictObject({
  measurement: z.enum(measurementNames),
  axis: z.preprocess(presentAxis, z.enum(horizontalAxes)),
  vertical: z.enum(['linear', 'log']),
  /** `runs` draws every run; the others one center for each group, with its band. */
  spread: z.enum(['runs', ...spreads]),
  /** The id of the grouping; by experiment where none is said. */
  groupBy: z.string().max(100).optional(),
  /** Whether a group's single runs are drawn under its center. */
  traces: z.boolean().optional(),
  /** Rows to either side that a smoothed value is the mean of, where every run is drawn. */
  reach: z.int().min(0).max(1000).optional(),
})
export type CurvesLook = z.output<typeof curvesLookSchema>

/** A measurement of some runs. */
export const runsSchema = z.strictObject({
  kind: z.literal('runs'),
  runIds: z.array(z.string().min(1).max(40)).min(1).max(20_000),
  archive: otherArchive,
  ...curvesLookSchema.shape,
  /** Where the runs are one of several groups: how it is called and colored beside the others. */
  group: z
    .strictObject({
      name: z.string().max(1000),
      label: z.string().max(1000),
      color: z
        .int()
        .min(0)
        .max(groupColors - 1),
    })
    .optional(),
})
export type RunsSource = z.output<typeof runsSchema>

/** Rows of a curve that print can show: 6.75 in at 395 dpi are 2666 columns, each with its first value and two extremes. */
const points = 8000

export const runs: SourceDescription<RunsSource> = {
  async load(source, request) {
    const { runIds, archive, measurement, axis, vertical, spread, groupBy, group, traces = false, reach = 0 } = source
    const { runs } = await readRuns({ runIds, archive }, request)
    requireAll(runIds, new Set(runs.map(({ id }) => id)))
    const branchedFrom = spread === 'runs' ? parentIds(runs) : []
    const before = branchedFrom.length > 0 ? (await readRuns({ runIds: branchedFrom, archive }, request)).runs : []
    const answer = await request('run.curves', {
      runIds: [...runIds, ...before.map(({ id }) => id)],
      measurements: [measurement],
      // Groups and means over rows need every row; single runs no more than print can show.
      ...(spread === 'runs' && reach === 0 ? { points, spacing: isLogAxis(axis) ? 'log' : 'linear' } : {}),
      archive,
    })
    const comparison = compareRuns(runs, archive)
    const curves = curvesByRun(answer)
    const specs = await readActed(runs, archive, request)
    const groups = group ? [asGroup(comparison.runs, group)] : groupRuns(comparison.runs, groupingOfFigure(groupBy))
    const moments = comparedMoments(comparison.runs, {
      specs,
      curves,
      name: measurement,
      axis,
      ...(spread === 'runs' ? {} : { seriesOf: seriesOfGroup(groups) }),
    })
    const parents = comparedParents(runs, (id) => before.find((run) => run.id === id))
    const panel =
      spread === 'runs'
        ? solid(overlayPanel(comparison, curves, measurement, { axis, vertical, reach, moments, parents }))
        : groupPanel(groups, curves, measurement, {
            axis,
            vertical,
            spread,
            traces,
            moments,
          }).panel
    return {
      ...measurementFrame(measurement, axis, vertical, comparison.runs),
      ...panel,
    }
  },
  nameOf: ({ measurement, group }) => [measurements[measurement].label, ...(group ? [group.label] : [])].join(', '),
  runsBehind: ({ runIds, archive }) => Promise.resolve({ runIds, archive }),
}

/** In print a dashed line is theory; runs are solid, and a check says where they are too many for the colors. */
function solid(panel: LinePanel): LinePanel {
  const drawn = (series: Series): Series =>
    series.role === 'context' || series.role === 'mean' ? series : { ...series, role: 'single' }
  return { ...panel, series: panel.series.map(drawn) }
}

/** The axis of computing time was called clock once. */
function presentAxis(given: unknown): unknown {
  return given === 'clock' ? 'computeTime' : given
}
