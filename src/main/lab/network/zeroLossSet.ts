import { LabError } from '../../../shared/errors.ts'
import type { Matrix } from '../backend/backend.ts'
import { conjugateGradientGram } from './conjugateGradientGram.ts'
import { gramSolverKind, zeroLossBytes, zeroLossMemoryLimit, type GramSolver } from './gramSolver.ts'
import { type OutputJacobian, type Network } from './model.ts'
import { axpbyAll } from './matrixLists.ts'
import { directionOf, matricesOf } from './network.ts'
import { formatBytes, formatNumber } from '../../../shared/formatting/formatNumber.ts'

/** The set Z of parameters at which a network fits its training samples exactly, and its tangent spaces. */
export interface ZeroLossSet {
  readonly jacobian: OutputJacobian
  readonly solver: GramSolver['kind']
  /** Linearizes at the present θ and readies P_T there. */
  linearize(): void
  /** v ← P_T·v = v − J⁺J·v at the state last linearized; conjugate gradients stop at a relative residual `tolerance`. */
  projectTangent(v: readonly Matrix[], tolerance?: number): void
  /** Moves θ onto Z by Gauss–Newton steps; ‖f − y‖ before each step, and at the end. */
  project(): number[]
  /** The same with the factor of the last `linearize` for as long as it contracts tenfold: cheap near Z. */
  retract(): void
}

export interface ZeroLossOptions {
  solver?: GramSolver['kind']
  /** Bytes allowed. */
  memoryLimit?: number
  /** Is told before each Gauss–Newton step how many were taken. */
  onStep?: (taken: number) => void
}

/** ‖f − y‖ at and below which a state counts as on Z: a loss of 1e-24. */
const onSet = 1e-12
/** ‖f − y‖ as a share of ‖y‖ that rounding may leave where a step no longer helps. */
const roundingShare = 1e-10
const maxSteps = 60
const tightTolerance = 1e-12
const minLength = 2 ** -10

/**
 * Z = {θ: f(x_i; θ) = y_i for all training samples}, matrix-free. Its tangent space at θ is ker J; with the
 * pseudo-inverse J⁺ = Jᵀ(JJᵀ)⁻¹ of the wide J,
 *
 *   P_T = I − J⁺J,  and the return to Z is Gauss–Newton, θ ← θ − J⁺(f − y), of quadratic convergence.
 *
 * A full step that does not lower ‖f − y‖ is halved until it does. Musat, Sec. 4 and App. D; SCIENCE.md §4.
 *
 * Throws ZERO_LOSS_UNREACHABLE where there are more outputs than parameters, where J loses rank or where the steps end
 * off Z, and OUT_OF_MEMORY where the memory it foresees passes the limit.
 */
export function zeroLossSet(network: Network, options: ZeroLossOptions = {}): ZeroLossSet {
  const { backend, model, train } = network
  if (backend.precision !== 'float64') {
    throw new RangeError(`the zero-loss set needs a float64 backend, not ${backend.precision}`)
  }
  const kind = checkedSolver(network, options)
  const jacobian = model.jacobian(network)
  const solver =
    kind === 'cholesky' && model.gram
      ? model.gram.factored(network, jacobian)
      : conjugateGradientGram(network, jacobian)
  const theta = matricesOf(network)
  const y = backend.matrix(train.Y.rows, train.Y.columns)
  const step = directionOf(network)
  const targetNorm = Math.sqrt(backend.dot(train.Y, train.Y))

  function residualNorm(): number {
    jacobian.linearize()
    return Math.sqrt(backend.dot(jacobian.residual, jacobian.residual))
  }

  /** θ ← θ + length·step. */
  function move(length: number): void {
    axpbyAll(backend, length, step, 1, theta)
  }

  /** θ ← θ − length·step with the first length of 1, 1/2, 1/4, … that lowers ‖f − y‖; the new norm, or θ as it was. */
  function descend(before: number): number {
    move(-1)
    for (let length = 1; length > minLength; length /= 2) {
      const after = residualNorm()
      if (after < before) return after
      move(length / 2)
    }
    move(minLength)
    return residualNorm()
  }

  function returnToSet(reuse: boolean): number[] {
    const norms = [residualNorm()]
    let refactor = !reuse
    for (;;) {
      const before = norms.at(-1)!
      if (before <= onSet) return norms
      if (norms.length > maxSteps) throw unreachable(network, before, maxSteps)
      options.onStep?.(norms.length - 1)
      if (refactor) solver.prepare()
      backend.axpby(1, jacobian.residual, 0, y)
      // An inexact step keeps the order where its error falls with the residual, but ends elsewhere on Z.
      solver.solve(y, reuse ? Math.max(tightTolerance, Math.min(1e-3, before)) : tightTolerance)
      jacobian.multiplyTransposed(y, step)
      const after = descend(before)
      if (after < before) norms.push(after)
      else if (refactor && before <= roundingShare * targetNorm) return norms
      else if (refactor) throw unreachable(network, before, norms.length - 1)
      refactor = !reuse || !(after <= before / 10)
    }
  }

  return {
    jacobian,
    solver: kind,
    linearize() {
      jacobian.linearize()
      solver.prepare()
    },
    projectTangent(v, tolerance = tightTolerance) {
      jacobian.multiply(v, y)
      solver.solve(y, tolerance)
      jacobian.multiplyTransposed(y, step)
      axpbyAll(backend, -1, step, 1, v)
    },
    project: () => returnToSet(false),
    retract: () => void returnToSet(true),
  }
}

function checkedSolver(network: Network, options: ZeroLossOptions): GramSolver['kind'] {
  const size = sizeOf(network)
  const equations = size.samples * size.outputs
  if (equations > size.parameters) {
    throw new LabError(
      'ZERO_LOSS_UNREACHABLE',
      `${size.samples} training pairs × ${size.outputs} outputs are ${equations} equations for ${size.parameters} parameters; ` +
        `more hidden units are needed, given ${size.hidden}`,
    )
  }
  const kind = network.model.gram ? (options.solver ?? gramSolverKind(size)) : 'conjugateGradients'
  const bytes = zeroLossBytes(size, kind)
  const limit = options.memoryLimit ?? zeroLossMemoryLimit
  if (bytes > limit) {
    throw new LabError(
      'OUT_OF_MEMORY',
      `the zero-loss set of ${equations} equations needs ${formatBytes(bytes)}; at most ${formatBytes(limit)} are allowed`,
    )
  }
  return kind
}

function sizeOf({ parameters, train }: Network) {
  const count = parameters.reduce((sum, { matrix }) => sum + matrix.rows * matrix.columns, 0)
  return { samples: train.Y.rows, outputs: train.Y.columns, parameters: count, hidden: parameters[0]!.matrix.columns }
}

function unreachable({ train }: Network, residual: number, steps: number): LabError {
  return new LabError(
    'ZERO_LOSS_UNREACHABLE',
    `after ${steps} Gauss–Newton steps ‖f − y‖ is ${formatNumber(residual, 3)} over ${train.Y.rows} × ${train.Y.columns} training ` +
      `outputs and no step lowers it; at most ${onSet} is needed`,
  )
}
