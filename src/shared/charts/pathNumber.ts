/** A length in the path of a drawing: tenths of a pixel. */
export function pathNumber(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
