/** Of every axis every so many places, one grid after the other. */
const spacings = [4, 2, 1] as const

/**
 * The places of a plane in the order in which it is computed: every 4th and the last of both axes, then every 2nd, then all; row by row.
 * Columns change fastest.
 */
export function coarseFirst(rows: number, columns: number): number[] {
  const levels = spacings.map((): number[] => [])
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const level = Math.max(levelOf(row, rows), levelOf(column, columns))
      levels[level]!.push(row * columns + column)
    }
  }
  return levels.flat()
}

/** The place that stands for another until that is computed: the nearest of every 2nd, or where that is not known of every 4th. */
export function standIn(
  { row, column, rows, columns }: { row: number; column: number; rows: number; columns: number },
  isKnown: (place: number) => boolean,
): number | undefined {
  for (const spacing of spacings.toReversed()) {
    const place = nearest(row, rows, spacing) * columns + nearest(column, columns, spacing)
    if (isKnown(place)) return place
  }
  return undefined
}

function levelOf(place: number, count: number): number {
  return spacings.findIndex((spacing) => place % spacing === 0 || place === count - 1)
}

function nearest(place: number, count: number, spacing: number): number {
  const last = count - 1
  const coarse = Math.min(last, Math.round(place / spacing) * spacing)
  return last - place < Math.abs(coarse - place) ? last : coarse
}
