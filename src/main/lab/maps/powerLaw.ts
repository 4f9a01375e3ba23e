/** One measured value at the values of some factors; `isBeyond` where it is known to be larger only. */
export interface FactoredValue {
  factors: readonly number[]
  value: number
  isBeyond: boolean
}

export interface PowerLaw {
  /** Of each factor. */
  exponents: { exponent: number; standardError: number }[]
  /** The value where all factors are 1. */
  prefactor: number
  /** Share of the variance of ln y that the law explains. */
  rSquared: number
  /** Values that it was fitted to. */
  fitted: number
}

/**
 * The law y = A·∏ x_j^(a_j) by least squares on logarithms: (ln A, a) = (ZᵀZ)⁻¹Zᵀ ln y, the rows of Z being (1, ln x_1, …), with
 * standard errors σ·√((ZᵀZ)⁻¹)_jj, σ² = ‖ln y − Z(ln A, a)‖²/(n − 1 − m) of n values and m factors, and
 * R² = 1 − Σ residual²/Σ(ln y − mean)². Values known to be larger only are left out: where they lie at one end the
 * exponent is that of the others, and its magnitude is as a rule too small. Null with fewer than m + 2 values, where a value or factor is not
 * positive, or where the factors do not vary apart from each other.
 */
export function fitPowerLaw(values: readonly FactoredValue[]): PowerLaw | null {
  const within = values.filter(({ isBeyond }) => !isBeyond)
  const count = (values[0]?.factors.length ?? 0) + 1
  const n = within.length
  if (n < count + 1 || within.some(({ factors, value }) => [value, ...factors].some((each) => !(each > 0)))) return null
  const rows = within.map(({ factors }) => [1, ...factors.map(Math.log)])
  const logs = within.map(({ value }) => Math.log(value))
  const gram = square(count, (i, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0))
  const inverse = inverted(gram)
  if (!inverse) return null
  const moments = Array.from({ length: count }, (_, i) => rows.reduce((sum, row, k) => sum + row[i]! * logs[k]!, 0))
  const solution = inverse.map((row) => dot(row, moments))
  const mean = logs.reduce((sum, each) => sum + each, 0) / n
  const residual = logs.reduce((sum, each, k) => sum + (each - dot(rows[k]!, solution)) ** 2, 0)
  const total = logs.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  const variance = residual / (n - count)
  return {
    exponents: solution.slice(1).map((exponent, j) => ({
      exponent,
      standardError: Math.sqrt(variance * inverse[j + 1]![j + 1]!),
    })),
    prefactor: Math.exp(solution[0]!),
    rSquared: total > 0 ? 1 - residual / total : 1,
    fitted: n,
  }
}

/** A pivot below this share of its column is rounding: the columns are not independent. */
const leastPivot = 1e-10

/** A⁻¹ of a symmetric positive matrix by Gauss–Jordan; null where it is singular to rounding. */
function inverted(matrix: readonly (readonly number[])[]): number[][] | null {
  const size = matrix.length
  const work = matrix.map((row, i) => [...row, ...Array.from({ length: size }, (_, j) => (i === j ? 1 : 0))])
  for (let pivot = 0; pivot < size; pivot++) {
    const own = work[pivot]!
    if (!(own[pivot]! > leastPivot * matrix[pivot]![pivot]!)) return null
    const scale = 1 / own[pivot]!
    for (let j = 0; j < 2 * size; j++) own[j]! *= scale
    for (const row of work) {
      const factor = row[pivot]!
      if (row !== own) for (let j = 0; j < 2 * size; j++) row[j]! -= factor * own[j]!
    }
  }
  return work.map((row) => row.slice(size))
}

function square(size: number, entry: (i: number, j: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => entry(i, j)))
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, k) => sum + each * b[k]!, 0)
}
