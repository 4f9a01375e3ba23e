import type { FigureCard } from '../../../shared/contract.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { canvasRaster } from '../figures/canvasRaster.ts'
import { createComposition } from '../figures/composition.ts'
import { drawFigure } from '../figures/drawFigure.ts'
import { toSvgFile } from '../figures/exportFigure.ts'

/** Saves every figure that is drawn as an SVG file, all its panels on one sheet, set for the first venue. */
export function exportFigures(cards: readonly FigureCard[]): void {
  for (const { id, number, result } of cards) {
    if (!result || result.panels.length === 0) continue
    const panels = result.panels.map((panel) => ({
      id: panel.id,
      source: { kind: 'paper', figure: id, panelId: panel.id } as const,
    }))
    const figure = { ...createComposition(number), panels }
    const bytes = toSvgFile(drawFigure(figure, result.panels, canvasRaster))
    saveFile({ name: `${id}.svg`, mediaType: 'image/svg+xml', bytes })
  }
}
