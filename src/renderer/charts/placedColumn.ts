/** The pixel at which a column is first seen, of those that say which is seen at each; where none shows it, the next column. */
export function pixelOfColumn(columns: Int32Array, column: number): number {
  return columns.findIndex((each) => each >= column)
}

/** The pixel of the column so many columns after the one at a pixel, before it where negative; at the border the last that way. */
export function nextColumn(columns: Int32Array, pixel: number, stride: number): number {
  const seen = [...new Set(columns)]
  const place = seen.indexOf(columns[pixel]!) + stride
  return pixelOfColumn(columns, seen[Math.max(0, Math.min(seen.length - 1, place))]!)
}
