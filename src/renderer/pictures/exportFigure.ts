import type { FigureDrawing } from '../../shared/figures/drawFigure.ts'
import { describeMissingLetters } from '../../shared/figures/missingLetters.ts'
import { pixelSize, withResolution } from '../../shared/figures/pngResolution.ts'
import { toSvgText } from '../../shared/figures/svgFile.ts'
import { saveFile } from '../composables/saveFile.ts'
import { showToast } from '../composables/useToasts.ts'
import { request } from '../lab.ts'

/** The drawing as a file of its own. */
export function toSvgFile({ markup }: FigureDrawing): Uint8Array {
  return new TextEncoder().encode(toSvgText(markup))
}

/** Saves the drawing as PDF, as the host sets it, and says which letters it has no font for. */
export async function savePdf({ root, width, height }: FigureDrawing, name: string): Promise<void> {
  const { missing, ...file } = await request('figure.pdf', { name, drawing: { root, width, height } })
  saveFile(file)
  tellMissing(missing)
}

/** Saves the drawing as SVG with its words as outlines of the faces that PDF has. */
export async function saveOutlinedSvg(drawing: FigureDrawing, name: string): Promise<void> {
  const bytes = await outline(drawing)
  saveFile({ name: `${name}.svg`, mediaType: 'image/svg+xml', bytes })
}

/** Saves the drawing as pixels, in the faces that PDF has, with its resolution written into the file. */
export async function savePng(drawing: FigureDrawing, name: string, dotsPerInch: number): Promise<void> {
  const bytes = await paint(await outline(drawing), pixelSize(drawing, dotsPerInch), dotsPerInch)
  saveFile({ name: `${name}.png`, mediaType: 'image/png', bytes })
}

async function outline({ root, width, height }: FigureDrawing): Promise<Uint8Array<ArrayBuffer>> {
  const { missing, bytes } = await request('figure.outlined', { drawing: { root, width, height } })
  tellMissing(missing)
  return new Uint8Array(bytes)
}

function tellMissing(missing: readonly string[]): void {
  if (missing.length > 0) showToast(describeMissingLetters(missing))
}

async function paint(
  svg: Uint8Array<ArrayBuffer>,
  size: { width: number; height: number },
  dotsPerInch: number,
): Promise<Uint8Array> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image(size.width, size.height)
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = size.width
    canvas.height = size.height
    canvas.getContext('2d')!.drawImage(image, 0, 0, size.width, size.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw new Error(`a picture of ${size.width} × ${size.height} pixels is more than this browser can paint`)
    return withResolution(new Uint8Array(await blob.arrayBuffer()), dotsPerInch)
  } finally {
    URL.revokeObjectURL(address)
  }
}
