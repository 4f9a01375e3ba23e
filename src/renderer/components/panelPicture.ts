import type { FileData } from '../../shared/contract.ts'
import { drawFigure } from '../../shared/figures/drawFigure.ts'
import { createSheet } from '../../shared/figures/sheet.ts'
import type { Panel } from '../../shared/panel.ts'
import { toPng, toSvgFile } from '../views/figures/exportFigure.ts'

export type PictureFormat = { kind: 'svg' } | { kind: 'png'; dotsPerInch: number }

/** A panel alone as a picture, in the first venue's style. */
export async function panelPicture(panel: Panel, format: PictureFormat): Promise<FileData> {
  const drawing = drawFigure(createSheet(1), [panel])
  if (format.kind === 'svg') {
    return { name: `${panel.id}.svg`, mediaType: 'image/svg+xml', bytes: toSvgFile(drawing) }
  }
  return { name: `${panel.id}.png`, mediaType: 'image/png', bytes: await toPng(drawing, format.dotsPerInch) }
}
