import type { Backend } from '../backend/backend.ts'
import type { Loss } from './loss.ts'

/**
 * L = s·Σ_io (f_io − y_io)², ∂L/∂f = 2s·(f − y), with s = 1/(n·o) for the mean over all entries, as PyTorch's
 * `mse_loss`, and 1 for the paper's sum. Weight decay wd on the mean is the paper's λ = wd·n·o/2. SCIENCE.md §3.
 */
export function meanSquaredError(backend: Backend, scale: number): Loss {
  return {
    evaluate(residual, _Y, cotangent) {
      backend.axpby(2 * scale, residual, 0, cotangent)
      return scale * backend.dot(residual, residual)
    },
  }
}
