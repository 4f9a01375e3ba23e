import type { FigureCard } from '../../../shared/contract.ts'
import { drawFigure } from '../../../shared/figures/drawFigure.ts'
import { createSheet } from '../../../shared/figures/sheet.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { toSvgFile } from '../../pictures/exportFigure.ts'

/** Saves every figure that is drawn as an SVG file, all its panels on one sheet, set for the first venue. */
export function exportFigures(cards: readonly FigureCard[]): void {
  for (const { id, result } of cards) {
    if (!result || result.panels.length === 0) continue
    const bytes = toSvgFile(drawFigure(createSheet(2), result.panels))
    saveFile({ name: `${id.replace('/', '-')}.svg`, mediaType: 'image/svg+xml', bytes })
  }
}
