import { z } from 'zod'
import { LabError } from '../../errors.ts'
import { figureIds, presentFigure, type FigureId } from '../../papers/papers.ts'
import { quote } from '../../quote.ts'
import type { SourceDescription } from './source.ts'

/** A panel of a figure of a paper, drawn from its newest runs. */
export const paperSchema = z.strictObject({
  kind: z.literal('paper'),
  figure: z.preprocess(
    (given) => (typeof given === 'string' ? presentFigure(given) : given),
    z.enum(figureIds as [FigureId, ...FigureId[]]),
  ),
  panelId: z.string().min(1).max(200),
})

export const paper: SourceDescription<z.output<typeof paperSchema>> = {
  async load({ figure, panelId }, request) {
    const { panels } = await request('paper.show', { figure })
    const panel = panels.find(({ id }) => id === panelId)
    if (panel) return panel
    const drawn = panels.map(({ id }) => id).join(', ')
    const allowed = drawn === '' ? 'it has none until its runs are finished' : `one of ${drawn}`
    throw new LabError('NOT_FOUND', `panel: ${figure} has no ${quote(panelId)}; ${allowed}`)
  },
  nameOf: ({ panelId }, panel) => panel?.title ?? panelId,
  async runsBehind({ figure }, request) {
    const { runs } = await request('paper.show', { figure })
    return { runIds: runs.flatMap(({ runId }) => runId ?? []) }
  },
}
