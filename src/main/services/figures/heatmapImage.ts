import { encode } from 'fast-png'
import type { MatrixData } from '../../../shared/run.ts'
import { colourAt } from './palettes.ts'

const missing = [200, 200, 200] as const

/** A matrix as a PNG data address, each cell a square of whole pixels so that viewers do not blur it. */
export function heatmapImage(
  { rows, columns, data }: MatrixData,
  colours: 'diverging' | 'sequential',
  [low, high]: readonly [number, number],
): string {
  const scale = Math.max(1, Math.ceil(600 / Math.max(rows, columns)))
  const width = columns * scale
  const pixels = new Uint8Array(3 * width * rows * scale)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = data[i * columns + j]!
      const colour = Number.isFinite(value) ? colourAt(colours, (value - low) / (high - low)) : missing
      for (let y = i * scale; y < (i + 1) * scale; y++) {
        for (let x = j * scale; x < (j + 1) * scale; x++) pixels.set(colour, 3 * (y * width + x))
      }
    }
  }
  const png = encode({ width, height: rows * scale, data: pixels, channels: 3, depth: 8 })
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`
}
