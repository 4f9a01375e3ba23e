import { LabError } from '../../../shared/errors.ts'
import { formatNumber, roundBound } from '../../../shared/formatting/formatNumber.ts'
import type { OrderParameters } from './multiScaleTheory.ts'
import { dot, orthogonalize } from '../numerics/oneSidedJacobi.ts'

export interface TwoScaleProblem {
  /** n × d, row-major. */
  Z: Float64Array
  /** W, of length d. */
  teacher: Float64Array
  /** ε, of length n, added to the labels y = ZW + ε. */
  labelNoise: Float64Array
  /** f, the diagonal of F, of length d. */
  singularValues: Float64Array
  /** σ, for averages over the label noise. */
  noiseDeviation: number
  /** λ. */
  weightDecay: number
  /** η of gradient descent; 0 for gradient flow. */
  stepSize: number
}

/**
 * A linear student on given data from zero on ½‖y − Xŵ‖² + ½λ‖ŵ‖², X = ZF, with XᵀX = V diag(Λ) Vᵀ: what it is at any time without going
 * through those before. Under gradient flow h_i(τ) = (1 − e^(−(Λ_i + λ)τ))/(Λ_i + λ); under gradient descent at τ = ηt, t whole,
 * h_i(τ) = (1 − (1 − η(Λ_i + λ))^t)/(Λ_i + λ). Throws INVALID_SPECIFICATION where that diverges: η(Λ_max + λ) ≥ 2.
 * `studentAt` is u = Fŵ = FV(h ⊙ VᵀXᵀy), of length d. `averageAt` are R = tr A/d and Q = (tr AᵀA + σ² tr BᵀB)/d, averages over teachers with
 * ‖W‖² = d and over ε, of A = FV diag(h) VᵀXᵀZ and B = FV diag(h√Λ). Dimensionless. Pezeshki et al. 2022 (arXiv 2112.03215),
 * Eqs. 9–10, written without Λ^(−1/2), so that they hold for n < d too.
 */
export function twoScaleStudent(problem: TwoScaleProblem) {
  const { Z, teacher, labelNoise, singularValues: f, noiseDeviation, weightDecay, stepSize } = problem
  const [n, d] = [labelNoise.length, teacher.length]
  const { images, directions } = principalDirections(Z, f, n)
  const eigenvalues = images.map((image) => dot(image, image))
  requireStable(stepSize, Math.max(...eigenvalues) + weightDecay)
  const rows = Array.from({ length: n }, (_, i) => Z.subarray(i * d, (i + 1) * d))
  const labels = rows.map((row, i) => dot(row, teacher) + labelNoise[i]!)
  // Rows of VᵀXᵀZ and of (FV)ᵀ: A is their outer products, weighted by h.
  const inputs = images.map((image) => combination(rows, image))
  const outputs = directions.map((direction) => direction.map((value, k) => value * f[k]!))
  const drive = images.map((image) => image.reduce((sum, value, i) => sum + value * labels[i]!, 0))
  const traces = inputs.map((input, i) => dot(input, outputs[i]!))
  const squares = outputs.map((output) => dot(output, output))
  const overlaps = inputs.map((a, i) => Float64Array.from(inputs, (b, j) => dot(a, b) * dot(outputs[i]!, outputs[j]!)))

  /** 1 − e^(−rate·τ), or what gradient descent has in its place. */
  function progress(rate: number, tau: number): number {
    if (stepSize === 0) return -Math.expm1(-rate * tau)
    const steps = Math.round(tau / stepSize)
    const factor = 1 - stepSize * rate
    return factor > 0 ? -Math.expm1(steps * Math.log1p(-stepSize * rate)) : 1 - factor ** steps
  }

  const filters = (tau: number) =>
    Float64Array.from(eigenvalues, (eigenvalue) => {
      const rate = eigenvalue + weightDecay
      return rate * tau > 1e-12 ? progress(rate, tau) / rate : tau
    })

  return {
    studentAt(tau: number): Float64Array {
      const h = filters(tau)
      return combination(
        outputs,
        h.map((filter, i) => filter * drive[i]!),
      )
    },
    averageAt(tau: number): OrderParameters {
      const h = filters(tau)
      const overlap = sum(d, (i) => h[i]! * traces[i]!) / d
      const signal = sum(d, (i) => h[i]! * dot(overlaps[i]!, h))
      const noise = sum(d, (i) => h[i]! ** 2 * eigenvalues[i]! * squares[i]!)
      const normSquared = (signal + noiseDeviation ** 2 * noise) / d
      return { overlap, normSquared, error: (1 + normSquared - 2 * overlap) / 2 }
    },
  }
}

/** R, Q and L_G = ‖W − u‖²/(2d) of a student u beside the teacher W. */
export function orderParameters(teacher: Float64Array, student: Float64Array): OrderParameters {
  const d = teacher.length
  return {
    overlap: dot(teacher, student) / d,
    normSquared: dot(student, student) / d,
    error: sum(d, (i) => (teacher[i]! - student[i]!) ** 2) / (2 * d),
  }
}

/** Gradient descent shrinks what is left along the steepest direction by |1 − η(Λ_max + λ)| a step. */
function requireStable(stepSize: number, steepest: number): void {
  if (stepSize * steepest < 2) return
  const reason = `on this data, with Λ_max + λ = ${formatNumber(steepest)}, gradient descent diverges`
  throw new LabError(
    'INVALID_SPECIFICATION',
    `study.stepSize: ${stepSize} is too large: ${reason}; allowed: less than ${roundBound(2 / steepest, 4, 'below')}`,
  )
}

/** The columns of V, and XV's, of X = Z·diag(f): rotated rather than of XᵀX, which would lose the small ones among them. */
function principalDirections(Z: Float64Array, f: Float64Array, n: number) {
  const d = f.length
  const columns = Array.from(f, (scale, j) => {
    const column = new Float64Array(n + d)
    for (let i = 0; i < n; i++) column[i] = scale * Z[i * d + j]!
    column[n + j] = 1
    return column
  })
  orthogonalize(columns, n)
  return {
    images: columns.map((column) => column.subarray(0, n)),
    directions: columns.map((column) => column.subarray(n)),
  }
}

/** Σ_i c_i v_i. */
function combination(vectors: readonly Float64Array[], coefficients: Float64Array): Float64Array {
  const total = new Float64Array(vectors[0]!.length)
  vectors.forEach((vector, i) => {
    for (let k = 0; k < total.length; k++) total[k]! += coefficients[i]! * vector[k]!
  })
  return total
}

function sum(count: number, term: (i: number) => number): number {
  let total = 0
  for (let i = 0; i < count; i++) total += term(i)
  return total
}
