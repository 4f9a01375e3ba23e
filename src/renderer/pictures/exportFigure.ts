import { pointsPerInch } from '../../shared/figures/venues.ts'
import type { FigureDrawing } from '../../shared/figures/drawFigure.ts'
import { describeMissingLetters } from '../../shared/figures/missingLetters.ts'
import { saveFile } from '../composables/saveFile.ts'
import { showToast } from '../composables/useToasts.ts'
import { request } from '../lab.ts'
import { withResolution } from './pngResolution.ts'

/** The drawing as a file of its own. */
export function toSvgFile({ markup }: FigureDrawing): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${markup}\n`)
}

/** Saves the drawing as PDF, as the host sets it, and says which letters it has no font for. */
export async function savePdf({ root, width, height }: FigureDrawing, name: string): Promise<void> {
  const { missing, ...file } = await request('figure.pdf', { name, drawing: { root, width, height } })
  saveFile(file)
  if (missing.length > 0) showToast(describeMissingLetters(missing))
}

/** Pixels of a drawing at a resolution. */
export function pixelSize({ width, height }: FigureDrawing, dotsPerInch: number): { width: number; height: number } {
  const pixels = (points: number) => Math.round((points / pointsPerInch) * dotsPerInch)
  return { width: pixels(width), height: pixels(height) }
}

/** The drawing as pixels, as the browser paints it, with its resolution written into the file. */
export async function toPng(drawing: FigureDrawing, dotsPerInch: number): Promise<Uint8Array> {
  const address = URL.createObjectURL(new Blob([drawing.markup], { type: 'image/svg+xml' }))
  try {
    const size = pixelSize(drawing, dotsPerInch)
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
