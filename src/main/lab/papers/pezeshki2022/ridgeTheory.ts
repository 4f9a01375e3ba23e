import type { MultiScaleFeaturesSpec } from '../../../../shared/studies/multiScaleFeatures.ts'
import type { MultiScaleLimit, OrderParameters } from '../../studies/multiScaleTheory.ts'

/**
 * R, Q and L_G of ridge regression, ŵ = (XᵀX + s)⁻¹Xᵀy with s > 0, in the limit n, d → ∞ at n/d = α. With the μ in (0, α) that
 * solves μ(1 + Σ φ_j s_j/(s + μ s_j)) = α and g_j = 1/(s + μ s_j):
 *
 *   R = μ Σ φ_j s_j g_j,  2 L_G = (s² Σ φ_j g_j² + γσ²)/(1 − γ),  γ = (μ²/α) Σ φ_j s_j² g_j²,  Q = 2 L_G − 1 + 2R.
 *
 * Dimensionless; exact but for the bisection, which ends at neighboring numbers. A standard result: it is what gradient flow with the weight
 * decay s tends to (`flowLimit`). SCIENCE.md §9.
 */
export function ridgeLimit(limit: MultiScaleLimit, s: number): OrderParameters {
  const { samplesPerDimension: alpha, blocks, noiseVariance } = limit
  const sum = (of: (strength: number) => number) =>
    blocks.reduce((total, { share, strength }) => total + share * of(strength), 0)
  let [low, high] = [0, alpha]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    if (middle * (1 + sum((strength) => strength / (s + middle * strength))) < alpha) low = middle
    else high = middle
  }
  const mu = (low + high) / 2
  const gamma = ((mu * mu) / alpha) * sum((strength) => (strength / (s + mu * strength)) ** 2)
  const covariance = (s * s * sum((strength) => (s + mu * strength) ** -2) + gamma * noiseVariance) / (1 - gamma)
  const overlap = mu * sum((strength) => strength / (s + mu * strength))
  return { overlap, normSquared: covariance - 1 + 2 * overlap, error: covariance / 2 }
}

/**
 * The paper's formulas for the same (Eqs. 14–16), which take the two blocks each for itself. With α_j = n/p_j and λ_j = s d/(p_j s_j):
 *
 *   a_j = 1 + 2λ_j/(q + √(q² + 4λ_j)), q = 1 − α_j − λ_j;  R_j = (n/d)/a_j;  b_j = α_j/(a_j² − α_j);
 *   c_1 = 1 + σ² − 2R_2 − (n/d)(2 − a_1)/a_1, and c_2 alike;  Q_1 = b_1(c_1 + b_2 c_2)/(1 − b_1 b_2), and Q_2 alike.
 *
 * They are not exact: once the fast block is fitted, n − p of the samples are left for the slow one, not n. `slowFactor` multiplies λ_2: the
 * program that the authors released has 2 there, which makes up for a part of that.
 */
export function paperRidge(
  { dimension: d, samples: n, fastDirections: p, scaleRatio, labelNoise }: MultiScaleFeaturesSpec,
  s: number,
  slowFactor = 1,
): OrderParameters {
  const blocks = [
    { size: p, ridge: (s * d) / p },
    { size: d - p, ridge: (slowFactor * s * scaleRatio ** 2 * d) / (d - p) },
  ].map(({ size, ridge }) => {
    const alpha = n / size
    const q = 1 - alpha - ridge
    const root = Math.sqrt(q * q + 4 * ridge)
    // Where q < 0 the sum would cancel.
    const a = 1 + (2 * ridge) / (q > 0 ? q + root : (4 * ridge) / (root - q))
    return { a, overlap: n / d / a, b: alpha / (a * a - alpha) }
  })
  const [fast, slow] = blocks as [(typeof blocks)[number], (typeof blocks)[number]]
  const rest = (own: typeof fast, other: typeof fast) =>
    1 + labelNoise ** 2 - 2 * other.overlap - ((n / d) * (2 - own.a)) / own.a
  const [c1, c2] = [rest(fast, slow), rest(slow, fast)]
  const coupling = 1 - fast.b * slow.b
  const normSquared = (fast.b * (c1 + slow.b * c2) + slow.b * (c2 + fast.b * c1)) / coupling
  const overlap = fast.overlap + slow.overlap
  return { overlap, normSquared, error: (1 - 2 * overlap + normSquared) / 2 }
}
