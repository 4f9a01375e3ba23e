/** A classification task over token pairs, complete: training and test pairs in the order of D. */
export interface Task {
  /** |D|, the number of pairs. */
  readonly size: number
  /** Columns of X, rows of E. */
  readonly inputs: number
  /** Columns of Y: classes. */
  readonly outputs: number
  /** Tokens in each row of X; row i of X is the sum of the unit vectors of `tokens[i·perRow + s]`. */
  readonly perRow: number
  readonly tokens: Int32Array
  /** The right class of each pair. */
  readonly classes: Int32Array
}

/** Which pairs are trained on. */
export interface Split {
  /** Indices into D, ascending; together they are D. */
  readonly train: Int32Array
  readonly test: Int32Array
}
