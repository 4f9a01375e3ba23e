import { LabError } from '../../../shared/errors.ts'
import { negligibleShares } from '../../../shared/negligibleShare.ts'
import type { Measurements } from '../../../shared/run.ts'
import type { Precision } from '../../../shared/specification/limits.ts'
import type { Matrix } from '../backend/backend.ts'
import { axpbyAll, dotOf, normOf } from '../network/matrixLists.ts'
import { directionOf, matricesOf, withParameters } from '../network/network.ts'
import type { Network } from '../network/model.ts'
import { zeroLossSet, type ZeroLossOptions } from '../network/zeroLossSet.ts'

/** How a run's parameters stand to the zero-loss set. */
export interface ZeroLossGeometry {
  /** Π(θ), the end of the Gauss–Newton return from θ. */
  readonly projection: readonly Matrix[]
  /** −P_T·θ, with P_T at Π(θ): where weight decay points on Z. */
  readonly direction: readonly Matrix[]
  /** Gauss–Newton steps that the last projection took. */
  iterations(): number
  /** Measures the network's present θ; with the parameters of `lag` steps ago also the two cosines. */
  measure(lagged?: readonly Matrix[]): Measurements
}

/** How the paper finds a point of Z: full-batch gradient descent with momentum on the mean loss, no decay. */
export interface DescentProjection {
  learningRate: number
  momentum: number
  steps: number
}

/** Sec. 5 of the paper gives 100 steps and momentum; its strength is taken to be the usual 0.9. */
export const paperProjection = { momentum: 0.9, steps: 100 }

/**
 * Measures, at the present θ with L(θ) = Σ‖f(x_i) − y_i‖² over the training samples and P_T the tangent
 * projection at Π(θ):
 *
 * - `distanceToZeroLoss` ‖θ − Π(θ)‖, in the units of θ;
 * - `tangentialFraction` ‖P_T ∇L(θ)‖/‖∇L(θ)‖, which falls in proportion to the distance (Thm 4.14);
 * - `normMinimizingCosine` cos(θ_t − θ_(t−lag), −P_T θ_t) (Fig. 5), with the exact projection Π;
 * - `normMinimizingCosinePaper` the same with the paper's projection in the place of Π: the end of 100 steps
 *   v ← βv + ∇(L/(n·o)), θ ← θ − ηv from θ_t, with the run's learning rate η and P_T the projection on ker J there.
 *
 * Quantities of Π are NaN where θ cannot be brought to Z. What is rounding has no direction: the cosines are NaN where
 * the update or the direction is no longer than 1e-12·‖θ‖, the share where the residual is no longer than 1e-12·‖y‖ or
 * the gradient is zero; 1e-6 for a θ that was computed in float32, in whatever precision it is measured. Musat, Sec. 4–5, Fig. 5;
 * SCIENCE.md §5.
 */
export function zeroLossGeometry(
  network: Network,
  descent: DescentProjection,
  { computedIn = network.backend.precision, ...options }: ZeroLossOptions & { computedIn?: Precision } = {},
): ZeroLossGeometry {
  const { backend, train } = network
  const theta = matricesOf(network)
  const projection = directionOf(network)
  const direction = directionOf(network)
  const gradient = directionOf(network)
  const update = directionOf(network)
  const set = zeroLossSet(withParameters(network, projection), options)
  let steps = 0
  const entries = train.Y.rows * train.Y.columns
  const rounding = negligibleShares[computedIn]

  /** cos(update, direction). */
  function cosine(): number {
    const negligible = rounding * normOf(backend, theta)
    const lengths = [normOf(backend, update), normOf(backend, direction)] as const
    return Math.min(...lengths) > negligible ? dotOf(backend, update, direction) / (lengths[0] * lengths[1]) : NaN
  }

  /** Whether the outputs at the state last linearized miss their targets by more than rounding. */
  function isOffTarget(): boolean {
    const { residual } = set.jacobian
    const { Y } = train
    return backend.dot(residual, residual) > rounding ** 2 * backend.dot(Y, Y)
  }

  /** direction ← −P_T·θ with P_T at `projection`. */
  function pointDownhill(): void {
    axpbyAll(backend, -1, theta, 0, direction)
    set.projectTangent(direction)
  }

  /** gradient ← ∇L at `projection`. */
  function takeGradient(): void {
    set.jacobian.linearize()
    set.jacobian.multiplyTransposed(set.jacobian.residual, gradient)
    axpbyAll(backend, 1, gradient, 1, gradient)
  }

  function measureExactly(lagged: boolean): Measurements {
    axpbyAll(backend, 1, theta, 0, projection)
    takeGradient()
    const length = isOffTarget() ? normOf(backend, gradient) : NaN
    steps = set.project().length - 1
    set.linearize()
    set.projectTangent(gradient)
    const tangentialFraction = normOf(backend, gradient) / length
    pointDownhill()
    axpbyAll(backend, 1, theta, 0, gradient)
    axpbyAll(backend, -1, projection, 1, gradient)
    const values = { distanceToZeroLoss: normOf(backend, gradient), tangentialFraction }
    return lagged ? { ...values, normMinimizingCosine: cosine() } : values
  }

  function measureAsPaper(): Measurements {
    axpbyAll(backend, 1, theta, 0, projection)
    // Filled, not multiplied by 0: it may have left the numbers the last time.
    for (const matrix of direction) backend.fill(matrix, 0)
    for (let step = 0; step < descent.steps; step++) {
      takeGradient()
      axpbyAll(backend, 1 / entries, gradient, descent.momentum, direction)
      axpbyAll(backend, -descent.learningRate, direction, 1, projection)
    }
    set.linearize()
    pointDownhill()
    return { normMinimizingCosinePaper: cosine() }
  }

  return {
    projection,
    direction,
    iterations: () => steps,
    measure(lagged) {
      if (!lagged) return orGap(() => measureExactly(false), ['distanceToZeroLoss', 'tangentialFraction'])
      axpbyAll(backend, 1, theta, 0, update)
      axpbyAll(backend, -1, lagged, 1, update)
      const asPaper = orGap(measureAsPaper, ['normMinimizingCosinePaper'])
      const names = ['distanceToZeroLoss', 'tangentialFraction', 'normMinimizingCosine'] as const
      return { ...orGap(() => measureExactly(true), names), ...asPaper }
    },
  }
}

function orGap(measure: () => Measurements, names: readonly (keyof Measurements)[]): Measurements {
  try {
    return measure()
  } catch (failure) {
    if (!(failure instanceof LabError) || failure.code !== 'ZERO_LOSS_UNREACHABLE') throw failure
    return Object.fromEntries(names.map((name) => [name, NaN]))
  }
}
