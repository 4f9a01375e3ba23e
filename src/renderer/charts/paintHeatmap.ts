import type { MatrixData } from '../../shared/run.ts'
import { colourLevel, type ColourMap } from './colourMaps.ts'

export interface HeatmapPicture {
  matrix: MatrixData
  range: readonly [number, number]
  map: ColourMap
  rowOrder: ArrayLike<number> | null
  columnOrder: ArrayLike<number> | null
}

/** One image pixel for each cell; the page scales the canvas up without smoothing. NaN stays transparent. */
export function paintHeatmap(canvas: HTMLCanvasElement, picture: HeatmapPicture): void {
  const { rows, columns } = picture.matrix
  if (rows === 0 || columns === 0) return
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns
    canvas.height = rows
  }
  const context = canvas.getContext('2d')!
  const image = context.createImageData(columns, rows)
  fillPixels(image.data, picture)
  context.putImageData(image, 0, 0)
}

/** Writes R, G, B, A of every cell in the order shown. */
export function fillPixels(
  pixels: Uint8ClampedArray,
  { matrix, range, map, rowOrder, columnOrder }: HeatmapPicture,
): void {
  const { rows, columns, data } = matrix
  for (let row = 0; row < rows; row++) {
    const from = (rowOrder?.[row] ?? row) * columns
    for (let column = 0; column < columns; column++) {
      const level = colourLevel(data[from + (columnOrder?.[column] ?? column)]!, range)
      if (level < 0) continue
      const at = 4 * (row * columns + column)
      pixels[at] = map[3 * level]!
      pixels[at + 1] = map[3 * level + 1]!
      pixels[at + 2] = map[3 * level + 2]!
      pixels[at + 3] = 255
    }
  }
}
