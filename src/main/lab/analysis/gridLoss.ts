import type { OutputGrid } from './outputGrid.ts'

/**
 * Mean squared error of outputs on the p × p grid against the one-hot answers, over the pairs trained on and over the
 * others (NaN where there are none); an unordered pair counts once. `train` is a mask over the grid.
 */
export function gridLoss(
  { columns, data, classes, isFirst }: OutputGrid,
  train: Uint8Array,
): { train: number; test: number } {
  const sums = [0, 0]
  const counts = [0, 0]
  for (let pair = 0; pair < classes.length; pair++) {
    if (isFirst[pair] === 0) continue
    const part = train[pair]!
    for (let o = 0; o < columns; o++) {
      const target = o === classes[pair] ? 1 : 0
      sums[part]! += (data[pair * columns + o]! - target) ** 2
    }
    counts[part]! += columns
  }
  return { train: sums[1]! / counts[1]!, test: sums[0]! / counts[0]! }
}
