import type { FigureCard } from '../../../shared/contract/papers.ts'
import { drawFigure } from '../../../shared/figures/drawFigure.ts'
import type { PanelLook } from '../../../shared/figures/look.ts'
import { createSheet } from '../../../shared/figures/sheet.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { toSvgFile } from '../../pictures/exportFigure.ts'

/** Saves every figure that is drawn as an SVG file, all its panels on one sheet, set for the first venue. */
export function exportFigures(
  cards: readonly FigureCard[],
  lookOf: (card: FigureCard, panelId: string) => PanelLook | undefined,
): void {
  for (const card of cards) {
    const { id, result } = card
    if (!result || result.panels.length === 0) continue
    const looks = result.panels.map((panel) => lookOf(card, panel.id))
    const bytes = toSvgFile(drawFigure(createSheet(2), result.panels, { looks }))
    saveFile({ name: `${id.replace('/', '-')}.svg`, mediaType: 'image/svg+xml', bytes })
  }
}
