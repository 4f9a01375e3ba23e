import type { Loss } from './loss.ts'

/**
 * L = s·Σ_i (log Σ_o e^(f_io) − f_i,c(i)) in nats, ∂L/∂f = s·(softmax(f) − y), with s = 1/n for the mean over samples,
 * as PyTorch's `cross_entropy`, and 1 for the sum. Each row's largest output is taken out of the exponents first, so
 * that none overflows; sums run in float64.
 */
export function crossEntropy(scale: number): Loss {
  return {
    evaluate({ rows, columns, data: residual }, { data: target }, { data: cotangent }) {
      let loss = 0
      for (let first = 0; first < rows * columns; first += columns) {
        const end = first + columns
        let largest = -Infinity
        for (let at = first; at < end; at++) largest = Math.max(largest, residual[at]! + target[at]!)
        let sum = 0
        let right = 0
        for (let at = first; at < end; at++) {
          const shifted = residual[at]! + target[at]! - largest
          const power = Math.exp(shifted)
          cotangent[at] = power
          sum += power
          right += target[at]! * shifted
        }
        for (let at = first; at < end; at++) cotangent[at] = scale * (cotangent[at]! / sum - target[at]!)
        loss += Math.log(sum) - right
      }
      return scale * loss
    },
  }
}
