/** A symmetric linear map: product ← A·vector. */
export type SymmetricMap = (vector: Float64Array, product: Float64Array) => void

/**
 * Largest eigenvalue of a symmetric positive definite map of order n, to a relative error of about 1e-10 (where the two
 * largest almost coincide: within their distance), by the Lanczos process with full reorthogonalization from a fixed
 * start (Golub & Van Loan, ch. 10; Parlett, *The Symmetric Eigenvalue Problem*, ch. 13).
 */
export function largestEigenvalue(apply: SymmetricMap, order: number): number {
  const basis: Float64Array[] = []
  const diagonal: number[] = []
  const offDiagonal: number[] = []
  let vector = startVector(order)
  let estimate = 0
  for (let k = 0; k < order; k++) {
    basis.push(vector)
    const next = new Float64Array(order)
    apply(vector, next)
    diagonal.push(innerProduct(vector, next))
    for (let pass = 0; pass < 2; pass++) for (const q of basis) subtractProjection(next, q)
    const length = Math.sqrt(innerProduct(next, next))
    const previous = estimate
    estimate = largestOfTridiagonal(diagonal, offDiagonal)
    if (length <= 1e-14 * estimate || (k > 8 && estimate - previous <= 1e-13 * estimate)) break
    offDiagonal.push(length)
    vector = next.map((value) => value / length)
  }
  return estimate
}

/**
 * κ(A) = λ_max(A)/λ_min(A) of A = L·Lᵀ given its lower Cholesky factor L (n × n, row-major): λ_max from products with
 * A, 1/λ_min from products with A⁻¹. Dimensionless.
 */
export function conditionNumberFromCholesky(L: ArrayLike<number>, order: number): number {
  const forward = largestEigenvalueFromCholesky(L, order)
  const inverse = largestEigenvalue((vector, product) => {
    product.set(vector)
    solveLower(L, product)
    solveTransposed(L, product)
  }, order)
  return forward * inverse
}

/** λ_max of A = L·Lᵀ. */
export function largestEigenvalueFromCholesky(L: ArrayLike<number>, order: number): number {
  return largestEigenvalue((vector, product) => {
    multiplyTransposed(L, vector, product)
    multiplyLower(L, product)
  }, order)
}

/** A fixed start without symmetry, so that it has a share of every eigenvector. */
function startVector(order: number): Float64Array {
  const vector = Float64Array.from({ length: order }, (_, i) => 1 + Math.sin(12.9898 * (i + 1)))
  const length = Math.sqrt(innerProduct(vector, vector))
  return vector.map((value) => value / length)
}

function innerProduct(x: Float64Array, y: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  return sum
}

function subtractProjection(x: Float64Array, unit: Float64Array): void {
  const share = innerProduct(x, unit)
  for (let i = 0; i < x.length; i++) x[i]! -= share * unit[i]!
}

/** By bisection on the number of eigenvalues above a bound (Sturm sequence). */
function largestOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  const radius = diagonal.map((_, i) => Math.abs(offDiagonal[i - 1] ?? 0) + Math.abs(offDiagonal[i] ?? 0))
  let low = Math.max(...diagonal)
  let high = Math.max(...diagonal.map((value, i) => value + radius[i]!))
  while (high - low > 1e-15 * Math.abs(high)) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (hasEigenvalueAbove(diagonal, offDiagonal, middle)) low = middle
    else high = middle
  }
  return high
}

function hasEigenvalueAbove(diagonal: readonly number[], offDiagonal: readonly number[], bound: number): boolean {
  let pivot = 1
  for (let i = 0; i < diagonal.length; i++) {
    const coupling = i === 0 ? 0 : offDiagonal[i - 1]! ** 2 / pivot
    pivot = diagonal[i]! - bound - coupling
    if (pivot >= 0) return true
  }
  return false
}

/** product ← Lᵀ·vector. */
function multiplyTransposed(L: ArrayLike<number>, vector: Float64Array, product: Float64Array): void {
  const n = vector.length
  product.fill(0)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) product[j]! += L[i * n + j]! * vector[i]!
}

/** vector ← L·vector. */
function multiplyLower(L: ArrayLike<number>, vector: Float64Array): void {
  const n = vector.length
  for (let i = n - 1; i >= 0; i--) {
    let sum = 0
    for (let j = 0; j <= i; j++) sum += L[i * n + j]! * vector[j]!
    vector[i] = sum
  }
}

/** vector ← L⁻¹·vector. */
function solveLower(L: ArrayLike<number>, vector: Float64Array): void {
  const n = vector.length
  for (let i = 0; i < n; i++) {
    let sum = vector[i]!
    for (let j = 0; j < i; j++) sum -= L[i * n + j]! * vector[j]!
    vector[i] = sum / L[i * n + i]!
  }
}

/** vector ← L⁻ᵀ·vector. */
function solveTransposed(L: ArrayLike<number>, vector: Float64Array): void {
  const n = vector.length
  for (let i = n - 1; i >= 0; i--) {
    const solved = vector[i]! / L[i * n + i]!
    vector[i] = solved
    for (let j = 0; j < i; j++) vector[j]! -= L[i * n + j]! * solved
  }
}
