import type { Activation } from '../../../shared/experiment.ts'
import type { Precision } from '../../../shared/specification/limits.ts'
import type { BackendKind } from '../../../shared/machine.ts'

/** Real numbers in the precision of the backend that allocated them. */
export type RealArray = Float64Array | Float32Array

declare const isAllocated: unique symbol

/**
 * A dense matrix in the memory of the backend that allocated it. Its entries are for that backend alone to touch: they
 * come in by `upload` and out by `download`.
 */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly [isAllocated]: true
}

/**
 * A loss L of n samples with o outputs, as a function of its arrays, all n × o and row-major: cotangent ← ∂L/∂f at
 * f = residual + targets; returns L.
 */
export type LossFunction = (residual: RealArray, targets: RealArray, cotangent: RealArray, outputs: number) => number

/**
 * The rows of a sparse input matrix X (n × m) whose every row is a sum of `perRow` unit vectors:
 * X_i = Σ_s e_{indices[i·perRow + s]}. A pair (a, a) gives the entry 2.
 */
export interface InputRows {
  readonly rows: number
  readonly perRow: number
  readonly indices: Int32Array
}

/** The numbers of a step of Adam. */
export interface AdamCoefficients {
  /** β₁, β₂ and ε. */
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** η, that of the step with all its corrections. */
  readonly rate: number
  /** v, what the second moment is divided by. */
  readonly correction: number
  /** κ, the share of the weights that a decoupled decay leaves. */
  readonly kept: number
  /** l, the decay that is part of the gradient. */
  readonly l2: number
  /** c, what the gradient is multiplied by. */
  readonly gradientScale: number
}

/**
 * Matrix arithmetic on preallocated buffers. Every operation writes into a matrix the caller allocated
 * beforehand, so that a step allocates nothing. Operands of one operation must come from the same backend,
 * and an output may not overlap an input unless said so. Wrong shapes are programmer errors and throw.
 */
export interface Backend {
  readonly kind: BackendKind
  /** What a user reads: the library, its version, the core type it uses. */
  readonly description: string
  readonly precision: Precision
  readonly threads: number
  /** What a device that was tested took for that, in seconds, and for compiling the kernels of a run. */
  readonly preparation?: { readonly testSeconds: number; readonly compileSeconds?: number }

  /** A zeroed matrix (rows × columns) that lives as long as the backend, or until it is cleared. */
  matrix(rows: number, columns: number): Matrix
  /** Copies indices into memory the backend can read. */
  inputRows(rows: number, perRow: number, indices: Int32Array): InputRows
  /** The same entries, row by row, as a matrix of another shape: both have one memory. */
  reshape(M: Matrix, rows: number, columns: number): Matrix

  /** M ← the values, row by row: entry (i, j) is `values[i * columns + j]`, rounded to the precision of M. */
  upload(M: Matrix, values: ArrayLike<number>): void
  /** The entries of M, row by row: a copy in the precision of M, or `into`, filled with them. */
  download(M: Matrix, into?: RealArray): RealArray
  /** Every entry of M ← value. */
  fill(M: Matrix, value: number): void
  /** into ← the given rows of `from`, in that order, as many as `into` has: both matrices, or both inputs. */
  takeRows(from: Matrix | InputRows, rows: Int32Array, into: Matrix | InputRows): void

  /** C ← α·op(A)·op(B) + β·C, with op(M) = M or Mᵀ. With β = 0 the old content of C is not read. */
  gemm(transposeA: boolean, transposeB: boolean, alpha: number, A: Matrix, B: Matrix, beta: number, C: Matrix): void
  /** Lower triangle of C ← α·A·Aᵀ + β·C, or α·Aᵀ·A + β·C when `transpose`. The strict upper triangle is unspecified. */
  symmetricRankK(transpose: boolean, alpha: number, A: Matrix, beta: number, C: Matrix): void
  /**
   * Lower triangle of A ← L with A = L·Lᵀ, reading the lower triangle only. The strict upper triangle is unspecified.
   * Returns 0, or the one-based order of the first leading minor that is not positive (then A is unspecified).
   */
  cholesky(A: Matrix): number
  /** B ← (L·Lᵀ)⁻¹·B for B (n × k), L the result of `cholesky`. */
  solveCholesky(L: Matrix, B: Matrix): void

  /** Z ← X·E as sums of rows of E: E (m × d), Z (n × d). */
  gatherRows(X: InputRows, E: Matrix, Z: Matrix): void
  /** G ← Xᵀ·A + β·G as sums into rows of G, in the order of the rows of X: A (n × d), G (m × d). */
  scatterRows(X: InputRows, A: Matrix, beta: number, G: Matrix): void
  /** H ← σ(Z), entrywise; H may be Z. */
  activate(activation: Activation, Z: Matrix, H: Matrix): void
  /** A ← A ⊙ σ'(Z), entrywise. */
  multiplyByDerivative(activation: Activation, Z: Matrix, A: Matrix): void

  /** Y ← α·X + β·Y, entrywise. With β = 0 the old content of Y is not read. */
  axpby(alpha: number, X: Matrix, beta: number, Y: Matrix): void
  /** X ← α·X, entrywise, computed in float64 and rounded once. */
  scale(alpha: number, X: Matrix): void
  /** A ← A + α·I for A (n × n). */
  addDiagonal(alpha: number, A: Matrix): void
  /** Σ_ij X_ij·Y_ij in float64, in an order that does not depend on the thread count. */
  dot(X: Matrix, Y: Matrix): number

  /** C ← A ∗ Bᵀ, the columnwise Khatri–Rao product: C_(i·o+q),u = A_iu·B_uq for A (n × d), B (d × o), C (n·o × d). */
  khatriRao(A: Matrix, B: Matrix, C: Matrix): void
  /** Lower triangle of A ← A ⊙ (K ⊗ 1), reading that of K: each o × o block of A (n·o × n·o) times an entry of K (n × n). */
  multiplyBlocks(K: Matrix, A: Matrix): void
  /**
   * Lower triangle of A ← A + S·P·Sᵀ, reading that of P (k × k): the entry (a, b) of P is added at the places a and b that
   * `places` (k rows of one index, ascending) names.
   */
  addSubmatrix(P: Matrix, places: InputRows, A: Matrix): void

  /**
   * C ← ∂L/∂f at f = R + Y; returns L. The function is the loss's definition, which memory that the host addresses is given
   * to as it is.
   */
  evaluateLoss(loss: LossFunction, R: Matrix, Y: Matrix, C: Matrix): number

  /**
   * One step of Adam, entrywise, with g = c·G + l·Θ: M ← β₁M + (1 − β₁)g, V ← β₂V + (1 − β₂)g²,
   * Θ ← κΘ − ηM/(√(V/v) + ε). Computed in float64; each stored value is rounded once, so that all backends give the same
   * bits.
   */
  adamStep(Theta: Matrix, G: Matrix, M: Matrix, V: Matrix, coefficients: AdamCoefficients): void

  /** Takes back every matrix there is: their memory is for those to come, and they are no longer usable. */
  clear(): void
  /** Ends threads and releases the memory; the matrices are no longer usable. */
  close(): void
}
