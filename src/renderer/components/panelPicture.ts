import type { FileData } from '../../shared/contract.ts'
import type { Panel } from '../../shared/panel.ts'

export type PictureFormat = { kind: 'svg' } | { kind: 'png'; dotsPerInch: number }

/** A panel alone as a picture, in the first venue's style; what draws figures is fetched only now. */
export async function panelPicture(panel: Panel, format: PictureFormat): Promise<FileData> {
  const [{ createSheet }, { drawFigure }, { toPng, toSvgFile }] = await Promise.all([
    import('../../shared/figures/sheet.ts'),
    import('../../shared/figures/drawFigure.ts'),
    import('../views/figures/exportFigure.ts'),
  ])
  const drawing = drawFigure(createSheet(1), [panel])
  if (format.kind === 'svg') {
    return { name: `${panel.id}.svg`, mediaType: 'image/svg+xml', bytes: toSvgFile(drawing) }
  }
  return { name: `${panel.id}.png`, mediaType: 'image/png', bytes: await toPng(drawing, format.dotsPerInch) }
}
