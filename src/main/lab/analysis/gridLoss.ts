import type { OutputGrid } from './outputGrid.ts'

/**
 * Mean squared error of outputs on the p × p grid against the one-hot (a + b) mod p, over the unordered pairs trained on
 * and over the others; a pair (a, b), a ≠ b, counts once. `train` is a mask over the grid.
 */
export function gridLoss(outputs: OutputGrid, train: Uint8Array): { train: number; test: number } {
  const { modulus: p, columns, data } = outputs
  const sums = [0, 0]
  const counts = [0, 0]
  for (let a = 0; a < p; a++) {
    for (let b = a; b < p; b++) {
      const pair = a * p + b
      const part = train[pair]!
      for (let o = 0; o < columns; o++) {
        const target = o === (a + b) % p ? 1 : 0
        sums[part]! += (data[pair * columns + o]! - target) ** 2
      }
      counts[part]! += columns
    }
  }
  return { train: sums[1]! / counts[1]!, test: sums[0]! / counts[0]! }
}
