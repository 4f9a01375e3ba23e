import type { MatrixData } from '../../../shared/run.ts'

/** Where the tokens of a frequency stand in a square of `size`, all frequencies to one scale. */
export function smallCircle(
  { rows, columns, data }: MatrixData,
  k: number,
  size: number,
): { radius: number; points: { x: number; y: number }[] } {
  const tokens = columns / 2
  const largest = Math.max(...Array.from({ length: rows }, (_, each) => radiusOf(each)))
  const scale = largest > 0 ? (size / 2 - 3) / largest : 0
  const at = k * columns
  const points = Array.from({ length: tokens }, (_, j) => ({
    x: size / 2 + data[at + j]! * scale,
    y: size / 2 - data[at + tokens + j]! * scale,
  }))
  return { radius: radiusOf(k) * scale, points }

  /** The largest distance of a token from the middle. */
  function radiusOf(row: number): number {
    let most = 0
    for (let j = 0; j < tokens; j++) {
      most = Math.max(most, Math.hypot(data[row * columns + j]!, data[row * columns + tokens + j]!))
    }
    return most
  }
}
