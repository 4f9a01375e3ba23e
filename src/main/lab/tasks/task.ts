/** Inputs of which every row is a sum of `perRow` unit vectors: X_i = Σ_s e_{tokens[i·perRow + s]}. */
export interface TokenInputs {
  readonly kind: 'tokens'
  readonly perRow: number
  readonly tokens: Int32Array
}

/** Inputs with a number in every place, row after row (|D| × m). */
export interface DenseInputs {
  readonly kind: 'dense'
  readonly values: Float64Array
}

/** What is to be answered: one of o classes for each sample, or o numbers, row after row (|D| × o). */
export type Targets =
  { readonly kind: 'classes'; readonly classes: Int32Array } | { readonly kind: 'real'; readonly values: Float64Array }

/** The data D of a task, whole: training and test samples in the order of D. */
export interface TaskData {
  /** |D|, the number of samples. */
  readonly size: number
  /** m, columns of X and rows of E. */
  readonly inputs: number
  /** o, columns of Y. */
  readonly outputs: number
  readonly X: TokenInputs | DenseInputs
  readonly targets: Targets
}

/** Which samples are trained on. */
export interface Split {
  /** Indices into D, ascending; together they are D. */
  readonly train: Int32Array
  readonly test: Int32Array
}
