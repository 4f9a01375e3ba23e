import { encode } from 'fast-png'
import type { HeatmapPanel } from '../panel.ts'
import type { MatrixData } from '../matrix.ts'
import { colorAt } from './palettes.ts'

/** Node and browsers have it alike, though their types live apart. */
declare const btoa: (bytes: string) => string

const missing = [200, 200, 200] as const
/** Pixels that the larger side has at least, for viewers that smooth what they enlarge. */
const minPixels = 900

/**
 * A matrix as a PNG data address, each cell a square of whole pixels so that viewers do not blur it; `places` says which
 * column of the matrix stands at each column of the picture, where that is not its own.
 */
export function heatmapImage(
  { rows, columns: stride, data }: MatrixData,
  colors: HeatmapPanel['colors'],
  [low, high]: readonly [number, number],
  places?: Int32Array,
): string {
  const columns = places?.length ?? stride
  const scale = Math.max(1, Math.ceil(minPixels / Math.max(rows, columns)))
  const width = columns * scale
  const pixels = new Uint8Array(3 * width * rows * scale)
  for (let i = 0; i < rows; i++) {
    const top = 3 * i * scale * width
    for (let j = 0; j < columns; j++) {
      const value = data[i * stride + (places?.[j] ?? j)]!
      const color = Number.isFinite(value) ? colorAt(colors, (value - low) / (high - low)) : missing
      for (let x = j * scale; x < (j + 1) * scale; x++) pixels.set(color, top + 3 * x)
    }
    for (let y = 1; y < scale; y++) pixels.copyWithin(top + 3 * y * width, top, top + 3 * width)
  }
  const png = encode({ width, height: rows * scale, data: pixels, channels: 3, depth: 8 })
  return `data:image/png;base64,${toBase64(png)}`
}

function toBase64(bytes: Uint8Array): string {
  const part = 8192
  const parts = Array.from({ length: Math.ceil(bytes.length / part) }, (_, k) =>
    String.fromCharCode(...bytes.subarray(k * part, (k + 1) * part)),
  )
  return btoa(parts.join(''))
}
