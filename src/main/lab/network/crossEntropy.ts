import type { Precision } from '../../../shared/specification/limits.ts'
import type { LossFunction } from '../backend/backend.ts'
import { roundingTo } from './roundingTo.ts'

/**
 * L = s·Σ_i (log Σ_o e^(f_io) − f_i,c(i)) in nats, ∂L/∂f = s·(softmax(f) − y), with s = 1/n for the mean over samples,
 * as PyTorch's `cross_entropy`, and 1 for the sum. Each row's largest output is taken out of the exponents first, so
 * that none overflows. Computed in the given precision, whatever that of the matrices: in float32 the result of every
 * operation is rounded, sums included, as in training code that is float32 throughout. There a row whose margin passes
 * log 2^24 ≈ 16.6 has a softmax of exactly 1, a loss of exactly 0 and no gradient at its right class (softmax collapse:
 * Prieto et al. 2025). SCIENCE.md §3.
 */
export function crossEntropy(scale: number, precision: Precision = 'float64'): LossFunction {
  const round = roundingTo(precision)
  const factor = round(scale)
  return (residual, target, cotangent, outputs) => {
    let loss = 0
    for (let first = 0; first < residual.length; first += outputs) {
      const end = first + outputs
      let largest = -Infinity
      for (let at = first; at < end; at++) largest = Math.max(largest, round(residual[at]! + target[at]!))
      let sum = 0
      let right = 0
      for (let at = first; at < end; at++) {
        const shifted = round(round(residual[at]! + target[at]!) - largest)
        const power = round(Math.exp(shifted))
        cotangent[at] = power
        sum = round(sum + power)
        right += target[at]! * shifted
      }
      for (let at = first; at < end; at++) {
        cotangent[at] = round(factor * round(round(cotangent[at]! / sum) - target[at]!))
      }
      loss = round(loss + round(round(Math.log(sum)) - right))
    }
    return round(factor * loss)
  }
}
