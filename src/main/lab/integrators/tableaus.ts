import type { IntegratorSpec } from '../../../shared/dynamics/integrators.ts'
import type { ButcherTableau } from './butcherTableau.ts'

/**
 * Euler's method, y_1 = y_0 + h f(y_0): order 1, the paper's choice (Sec. 7). Its error is estimated by what the
 * trapezoidal rule has beyond it, h/2 (f(y_1) − f(y_0)), which costs nothing. Dense output is the cubic Hermite
 * interpolant through both ends and their slopes, which keeps the order 1.
 */
const euler: ButcherTableau = {
  stages: [],
  weights: [1],
  errorWeights: [-1 / 2, 1 / 2],
  errorOrder: 2,
  denseWeights: [
    [1, 1, -1],
    [0, -1, 1],
  ],
}

/**
 * Heun's method, y_1 = y_0 + h/2 (k_1 + k_2), k_2 = f(y_0 + h k_1): order 2(1), two field evaluations a step. The embedded
 * method is Euler's. Dense output is the cubic Hermite interpolant through both ends and their slopes, which keeps the
 * order 2 (Hairer, Nørsett & Wanner, *Solving ODEs I*, II.6).
 */
const heun: ButcherTableau = {
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

/**
 * The method of Dormand & Prince, order 5(4), six field evaluations a step.
 * J. R. Dormand, P. J. Prince, *A family of embedded Runge–Kutta formulae*, J. Comput. Appl. Math. 6 (1980) 19–26.
 * Dense output has order 4: L. F. Shampine, *Some practical Runge–Kutta formulas*, Math. Comp. 46 (1986) 135–150.
 */
const dormandPrince: ButcherTableau = {
  stages: [
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  ],
  weights: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  errorWeights: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  errorOrder: 5,
  denseWeights: [
    [1, -8048581381 / 2820520608, 8663915743 / 2820520608, -12715105075 / 11282082432],
    [],
    [0, 131558114200 / 32700410799, -68118460800 / 10900136933, 87487479700 / 32700410799],
    [0, -1754552775 / 470086768, 14199869525 / 1410260304, -10690763975 / 1880347072],
    [0, 127303824393 / 49829197408, -318862633887 / 49829197408, 701980252875 / 199316789632],
    [0, -282668133 / 205662961, 2019193451 / 616988883, -1453857185 / 822651844],
    [0, 40617522 / 29380423, -110615467 / 29380423, 69997945 / 29380423],
  ],
}

/** The other half of every integrator. */
export const tableaus = { euler, heun, dormandPrince } satisfies Record<IntegratorSpec['kind'], ButcherTableau>
