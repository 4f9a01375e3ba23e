/**
 * An explicit Runge–Kutta method with an embedded error estimate and a continuous extension:
 *
 *   k_1 = f(y_0),  k_i = f(y_0 + h Σ_j a_ij k_j),  y_1 = y_0 + h Σ_i b_i k_i,  k_(s+1) = f(y_1)
 *
 * k_(s+1) is the first stage of the next step, whatever the method. Hairer, Nørsett & Wanner, *Solving ODEs I*, II.1, II.4, II.6.
 */
export interface ButcherTableau {
  /** a_ij: rows 2 … s of the Runge–Kutta matrix. */
  readonly stages: readonly (readonly number[])[]
  /** b_i. */
  readonly weights: readonly number[]
  /** e_i, the last of them that of k_(s+1) where there are s + 1: h Σ_i e_i k_i estimates the error of the step. */
  readonly errorWeights: readonly number[]
  /** q: the estimate is O(h^q). */
  readonly errorOrder: number
  /**
   * p_ij, of s + 1 rows: within the step y(θ) = y_0 + h Σ_i b_i(θ) k_i, b_i(θ) = Σ_j p_ij θ^j with j from 1; b_i(1) is b_i
   * (0 for k_(s+1)).
   */
  readonly denseWeights: readonly (readonly number[])[]
}
