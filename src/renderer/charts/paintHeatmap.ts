import type { MatrixData } from '../../shared/matrix.ts'
import type { ColorMap } from './colorMaps.ts'

export interface HeatmapPicture {
  matrix: MatrixData
  range: readonly [number, number]
  map: ColorMap
  rowOrder: ArrayLike<number> | null
  /** A column may stand at several places, or at none. */
  columnOrder: ArrayLike<number> | null
}

/** One image pixel for each cell; the page scales the canvas up without smoothing. NaN stays transparent. */
export function paintHeatmap(canvas: HTMLCanvasElement, picture: HeatmapPicture): void {
  const { rows } = picture.matrix
  const columns = picture.columnOrder?.length ?? picture.matrix.columns
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

/** Writes R, G, B, A of every cell in the order shown; one write a cell, since this runs at every step of scrubbing. */
export function fillPixels(pixels: Uint8ClampedArray, picture: HeatmapPicture): void {
  const { matrix, range, map, rowOrder, columnOrder } = picture
  const { rows, data } = matrix
  const columns = columnOrder?.length ?? matrix.columns
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, rows * columns)
  const colors = packColors(map)
  const [low, high] = range
  const slope = 255 / (high - low)
  const places = Int32Array.from({ length: columns }, (_, column) => columnOrder?.[column] ?? column)
  for (let row = 0, at = 0; row < rows; row++) {
    const from = (rowOrder?.[row] ?? row) * matrix.columns
    for (let column = 0; column < columns; column++, at++) {
      const level = (data[from + places[column]!]! - low) * slope
      // NaN is neither; its pixel stays transparent.
      if (level >= 0) words[at] = colors[level < 255 ? (level + 0.5) | 0 : 255]!
      else if (level < 0) words[at] = colors[0]!
    }
  }
}

/** Each color of a map as one opaque pixel, in the byte order of the machine. */
function packColors(map: ColorMap): Uint32Array {
  const bytes = new Uint8ClampedArray(4 * 256)
  for (let level = 0; level < 256; level++) {
    bytes.set(map.subarray(3 * level, 3 * level + 3), 4 * level)
    bytes[4 * level + 3] = 255
  }
  return new Uint32Array(bytes.buffer)
}
