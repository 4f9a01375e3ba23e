import type { ButcherTableau } from './butcherTableau.ts'

/**
 * Euler's method, y_1 = y_0 + h f(y_0): order 1, the paper's choice (Sec. 7). Its error is estimated by what the
 * trapezoidal rule has beyond it, h/2 (f(y_1) − f(y_0)), which costs nothing. Dense output is the cubic Hermite
 * interpolant through both ends and their slopes, which keeps the order 1.
 */
export const euler: ButcherTableau = {
  stages: [],
  weights: [1],
  errorWeights: [-1 / 2, 1 / 2],
  errorOrder: 2,
  denseWeights: [
    [1, 1, -1],
    [0, -1, 1],
  ],
}
