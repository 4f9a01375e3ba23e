import type { Activation, InitializationSpec } from '../../../shared/experiment.ts'
import type { ParameterDescription } from '../../../shared/models/model.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { GramSolver } from './gramSolver.ts'
import type { Inputs } from './inputs.ts'

/** The mathematics of a model f(x; θ), whose parameters θ are a list of named matrices. */
export interface Model {
  /** Of each parameter on m inputs and o outputs. */
  shapes(sizes: { inputs: number; outputs: number }): readonly ParameterDescription[]
  /** Draws θ in place, each matrix from its own stream of `seed`. */
  draw(spec: InitializationSpec, seed: number, weights: Weights): void
  /** f on so many samples at a time, in buffers of its own, which the next call uses again (rows × o). */
  outputs(weights: Weights, rows: number): (X: Inputs) => Matrix
  /** The training outputs and their derivative in θ. */
  jacobian(network: Network): OutputJacobian
  /** JJᵀ factored, and a preconditioner for it; conjugate gradients go without where a model has none. */
  readonly gram?: {
    factored(network: Network, jacobian: OutputJacobian): GramSolver
    preconditioner(network: Network, jacobian: OutputJacobian): Preconditioner
  }
  /** The first layer, where it is σ(Z): its values on so many samples at a time (rows × d_h). */
  hidden(weights: Weights, rows: number): (X: Inputs) => Matrix
  /** Z = XE, or with biases XE + b, on so many samples at a time (rows × d_h). */
  preactivations(weights: Weights, rows: number): (X: Inputs) => Matrix
  /** Where Ŷ = σ(XE)W, or with biases σ(XE + b)W + c, and nothing else: what kernels of devices compute. */
  readonly twoLayers?: { readonly activation: Activation; readonly hasBiases: boolean }
  /** Where Ŷ = σ(XE)W and nothing else: the second layer is a linear regression on the first. */
  readonly linearReadout?: {
    readonly activation: Activation
    layers(weights: Weights): { E: Matrix; W: Matrix }
  }
}

/** The training outputs of a network and their first derivative in θ, at the state last linearized. */
export interface OutputJacobian {
  /** Evaluates the network at its present θ; the products below belong to that state. */
  linearize(): void
  /** f(x) − y of the training samples (n × o). */
  readonly residual: Matrix
  /** product ← J·direction (n × o), for a direction shaped as θ. */
  multiply(direction: readonly Matrix[], product: Matrix): void
  /** gradient ← Jᵀ·cotangent, for a cotangent n × o. */
  multiplyTransposed(cotangent: Matrix, gradient: readonly Matrix[]): void
}

/** An approximation of JJᵀ that is solved at once. */
export interface Preconditioner {
  /** Factors it at the state last linearized. */
  prepare(): void
  /** y ← its inverse·y (n × o). */
  solve(y: Matrix): void
}

/** One part of the data in the memory of a backend. */
export interface Samples {
  /** n × m. */
  readonly X: Inputs
  /** Targets: one-hot rows where they are classes (n × o). */
  readonly Y: Matrix
  /** Right class of each row; none where the targets are real numbers. */
  readonly classes: Int32Array | null
}

/** θ in the memory of a backend. */
export interface Weights {
  readonly backend: Backend
  /** In the order of the layers. */
  readonly parameters: readonly Parameter[]
}

/** A model on a task, its parameters and its data, in the memory of one backend. */
export interface Network extends Weights {
  readonly model: Model
  readonly train: Samples
  /** Without rows where nothing is held out. */
  readonly test: Samples
}

/** Parameters of a model under the name that they and an optimizer's state of them are saved by. */
export interface NamedMatrix {
  readonly name: string
  readonly matrix: Matrix
}

export interface Parameter extends NamedMatrix, Pick<ParameterDescription, 'layer' | 'rowsOf'> {}
