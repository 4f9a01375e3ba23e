import { z } from 'zod'
import { roundBound } from '../../charts/symmetricBound.ts'
import { nameDynamics } from '../../curves/describeRun.ts'
import { accuracyByAnswerPanel, marginPanel, predictionPanel } from '../../panels/predictionPanel.ts'
import { nameOfSnapshot, readSnapshot, runBehind, snapshotShape } from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** The grid of predictions, as margins or as right and wrong; or how many pairs have which margin; or how many of each answer are right. */
export const predictionsSchema = z.strictObject({
  kind: z.literal('predictions'),
  ...snapshotShape,
  view: z.enum(['margin', 'correct', 'margins', 'answers']).default('margin'),
})

const names = { margin: 'Predictions', correct: 'Right or wrong', margins: 'Margins', answers: 'By answer' } as const

export const predictions: SourceDescription<z.output<typeof predictionsSchema>> = {
  async load(source, request) {
    const { run, steps, analyze } = await readSnapshot(source, request)
    const grid = await analyze('predictions', {})
    if (source.view === 'answers') return accuracyByAnswerPanel(grid)
    const bound = roundBound((await analyze('valueBound', { of: 'margin' }, steps.at(-1)!)).bound)
    if (source.view === 'margins') return marginPanel(grid, bound)
    return predictionPanel(grid, source.view, bound, nameDynamics(run))
  },
  nameOf: (source) => nameOfSnapshot(names[source.view], source),
  runsBehind: runBehind,
}
