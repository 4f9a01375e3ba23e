import { z } from 'zod'
import { comparedMoments } from '../../curves/comparedMoments.ts'
import { compareRuns } from '../../curves/comparison.ts'
import { curvesByRun } from '../../curves/curvesByRun.ts'
import { axisOn, clockAxes, isLogAxis } from '../../curves/horizontalAxis.ts'
import { overlayPanel } from '../../curves/overlayPanel.ts'
import { readRuns } from '../../curves/readRuns.ts'
import { readStates } from '../../curves/readStates.ts'
import { against, distancePanel, distancesOf, pacePanel, pacesOf, referenceOf } from '../../curves/theoryPanels.ts'
import { LabError } from '../../errors.ts'
import { measurements } from '../../measurements.ts'
import { quote } from '../../quote.ts'
import { clockOf } from '../../runClock.ts'
import { readActed } from './readActed.ts'
import { requireAll } from './requireAll.ts'
import { otherArchive, type SourceDescription } from './source.ts'

export const pictures = ['testMse', 'distance', 'pace', 'firstLayerNormSquared', 'testAccuracy'] as const
export type Picture = (typeof pictures)[number]

/** Runs against one of them on one clock: how far their first layers are apart, how fast they are, or a measurement. */
export const theorySchema = z.strictObject({
  kind: z.literal('theory'),
  runIds: z.array(z.string().min(1).max(40)).min(1).max(20_000),
  archive: otherArchive,
  /** The run that the others are held against. */
  reference: z.string().min(1).max(40),
  picture: z.enum(pictures),
  axis: z.enum(clockAxes),
})
type Theory = z.output<typeof theorySchema>

const points = 4000

export const theory: SourceDescription<Theory> = {
  async load({ runIds, archive, reference, picture, axis }, request) {
    if (!runIds.includes(reference)) {
      throw new LabError('NOT_FOUND', `reference: ${quote(reference)} is not among runIds; give one of those`)
    }
    const { runs } = await readRuns({ runIds, archive }, request)
    requireAll(runIds, new Set(runs.map(({ id }) => id)))
    const plain = compareRuns(runs, archive)
    const held = referenceOf(plain.runs, reference)
    const comparison = against(plain, held)
    // The clock of what was done to a run is read from its test error, also where distances are drawn.
    const name = picture === 'pace' || picture === 'distance' ? 'testMse' : picture
    const answer = await request('run.curves', {
      ...{ runIds, measurements: [name], points, archive },
      spacing: isLogAxis(axis) ? 'log' : 'linear',
    })
    const curves = curvesByRun(answer)
    if (picture === 'pace') return pacePanel(comparison.runs, pacesOf(reference, plain.runs, curves))
    const specs = await readActed(runs, archive, request)
    const moments = comparedMoments(comparison.runs, { specs, curves, name, axis })
    if (picture === 'distance') {
      const states = await Promise.all(
        runIds.map(async (runId) => [runId, await readStates({ runId, archive }, request)] as const),
      )
      const distances = distancesOf(reference, plain.runs, new Map(states))
      const clock = axisOn(axis, clockOf(...runs.map(({ facets }) => facets)))
      return { ...distancePanel(comparison.runs, distances, clock), moments }
    }
    return overlayPanel(comparison, curves, name, { axis, vertical: 'linear', reach: 0, moments })
  },
  nameOf: ({ picture }, panel) =>
    panel?.title ?? (picture === 'distance' || picture === 'pace' ? picture : measurements[picture].label),
  runsBehind: ({ runIds, archive }) => Promise.resolve({ runIds, archive }),
}
