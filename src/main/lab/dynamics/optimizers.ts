import type { TrainingSpec } from '../../../shared/experiment.ts'
import type { OptimizerSpec } from '../../../shared/dynamics/optimizers.ts'
import { isDecoupled, ratesOfParameter, type ParameterRates } from '../../../shared/training.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { NamedMatrix } from '../network/model.ts'

/** What an optimizer moves: θ, its gradient, and by what the common η and wd are multiplied for it. */
interface TrainedParameter extends NamedMatrix {
  readonly gradient: Matrix
  readonly rates: ParameterRates
}

/** What a step is taken with. */
interface StepSettings {
  /** η_t. */
  learningRate: number
  /** wd per unit of learning rate. */
  weightDecay: number
  /** What the gradient is multiplied by first: below 1 where it is clipped. */
  gradientScale: number
}

/** Moves parameters θ by their loss gradient, one step at a time, in place. */
export interface Optimizer {
  /** θ_(t+1) from θ_t and ∇L(θ_t). */
  step(settings: StepSettings): void
  /** Further state than θ that a resumed training needs. */
  readonly matrices: Readonly<Record<string, Matrix>>
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}

type OptimizerKind = OptimizerSpec['kind']
type OptimizerOf<Kind extends OptimizerKind> = Extract<OptimizerSpec, { kind: Kind }>

/** The other half of every optimizer: its steps, on parameters at rest. */
const makers: {
  [Kind in OptimizerKind]: (
    backend: Backend,
    parameters: readonly TrainedParameter[],
    settings: OptimizerOf<Kind>,
    isDecoupled: boolean,
  ) => Optimizer
} = { gradientDescent, momentum, adamw }

/** The optimizer that a specification names, on parameters and the gradient of each, at rest (zero moments). */
export function createOptimizer<Kind extends OptimizerKind>(
  backend: Backend,
  spec: Pick<TrainingSpec, 'weightDecayKind' | 'perParameter'> & { optimizer: OptimizerOf<Kind> },
  parameters: readonly NamedMatrix[],
  gradient: readonly Matrix[],
): Optimizer {
  const trained = parameters.map(({ name, matrix }, i) => ({
    name,
    matrix,
    gradient: gradient[i]!,
    rates: ratesOfParameter(spec, name),
  }))
  return makers[spec.optimizer.kind as Kind](backend, trained, spec.optimizer, isDecoupled(spec))
}

/** Gradient descent with weight decay: θ ← θ − η(∇L + wd·θ). SCIENCE.md §3; PyTorch's `SGD`. */
function gradientDescent(backend: Backend, parameters: readonly TrainedParameter[]): Optimizer {
  return {
    step({ learningRate, weightDecay, gradientScale }) {
      for (const { matrix, gradient, rates } of parameters) {
        const rate = learningRate * rates.learningRate
        backend.axpby(-rate * gradientScale, gradient, 1 - rate * (weightDecay * rates.weightDecay), matrix)
      }
    },
    matrices: {},
    scalars: () => ({}),
    restore: () => {},
  }
}

/**
 * Heavy-ball momentum in the form of PyTorch's `SGD` (no dampening, not Nesterov; Polyak 1964):
 *
 *   v ← βv + ∇L + wd·θ,  θ ← θ − ηv,  v = 0 at the start
 *
 * The decay is part of the velocity, so that loss and decay keep the balance they have without momentum and rest at the
 * same points; both act 1/(1 − β) times over, which the clock τ = η·wd·t/(1 − β) accounts for. Decoupled, it stays out of
 * the velocity and acts once (SGDW, Loshchilov & Hutter 2019): v ← βv + ∇L, θ ← (1 − η·wd)θ − ηv.
 */
function momentum(
  backend: Backend,
  parameters: readonly TrainedParameter[],
  { momentum: beta }: OptimizerOf<'momentum'>,
  isDecoupled: boolean,
): Optimizer {
  const velocities = stateLike(backend, 'velocity', parameters)
  return {
    step({ learningRate, weightDecay, gradientScale }) {
      for (const { name, matrix, gradient, rates } of parameters) {
        const velocity = velocities[`velocity${name}`]!
        const rate = learningRate * rates.learningRate
        const decay = weightDecay * rates.weightDecay
        backend.axpby(gradientScale, gradient, beta, velocity)
        if (!isDecoupled && decay > 0) backend.axpby(decay, matrix, 1, velocity)
        backend.axpby(-rate, velocity, isDecoupled ? 1 - rate * decay : 1, matrix)
      }
    },
    matrices: velocities,
    scalars: () => ({}),
    restore: () => {},
  }
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, as PyTorch's `AdamW`), with g = ∇L, entrywise:
 *
 *   m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,
 *   θ ← (1 − η·wd)θ − η·(m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * with t = 1, 2, … counting the steps and m = v = 0 at the start; or with an L2 decay (Kingma & Ba 2015, as PyTorch's
 * `Adam`): g = ∇L + wd·θ, and θ is not shrunk beside. Computed in float64; each stored value is rounded once.
 */
function adamw(
  backend: Backend,
  parameters: readonly TrainedParameter[],
  settings: OptimizerOf<'adamw'>,
  isDecoupled: boolean,
): Optimizer {
  const means = stateLike(backend, 'mean', parameters)
  const squares = stateLike(backend, 'square', parameters)
  let steps = 0
  return {
    step({ learningRate, weightDecay, gradientScale }) {
      steps += 1
      for (const { name, matrix, gradient, rates } of parameters) {
        const rate = learningRate * rates.learningRate
        const decay = weightDecay * rates.weightDecay
        backend.adamStep(matrix, gradient, means[`mean${name}`]!, squares[`square${name}`]!, {
          ...settings,
          rate: rate / (1 - settings.beta1 ** steps),
          correction: 1 - settings.beta2 ** steps,
          kept: isDecoupled ? 1 - rate * decay : 1,
          l2: isDecoupled ? 0 : decay,
          gradientScale,
        })
      }
    },
    matrices: { ...means, ...squares },
    scalars: () => ({ optimizerSteps: steps }),
    restore(scalars) {
      steps = scalars['optimizerSteps'] ?? 0
    },
  }
}

/** A zeroed matrix shaped as each parameter, by the names of the state that they hold: `velocityE` of E. */
function stateLike(backend: Backend, what: string, parameters: readonly NamedMatrix[]): Record<string, Matrix> {
  return Object.fromEntries(
    parameters.map(({ name, matrix }) => [`${what}${name}`, backend.matrix(matrix.rows, matrix.columns)]),
  )
}
