import type { ButcherTableau } from './butcherTableau.ts'

/**
 * Heun's method, y_1 = y_0 + h/2 (k_1 + k_2), k_2 = f(y_0 + h k_1): order 2(1), two field evaluations a step. The embedded
 * method is Euler's. Dense output is the cubic Hermite interpolant through both ends and their slopes, which keeps the
 * order 2 (Hairer, Nørsett & Wanner, *Solving ODEs I*, II.6).
 */
export const heun: ButcherTableau = {
  stages: [[1]],
  weights: [1 / 2, 1 / 2],
  errorWeights: [-1 / 2, 1 / 2],
  errorOrder: 2,
  denseWeights: [
    [1, -1 / 2],
    [0, 3 / 2, -1],
    [0, -1, 1],
  ],
}
