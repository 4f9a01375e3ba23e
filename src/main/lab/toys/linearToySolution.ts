/**
 * The closed form of a linear toy model's flow from a start w(0) of k weights, at time t: with s = Σ w_j,
 *
 *   ṡ = −2k(s − k) − 2λs  and  ẇ_⊥ = −2λ w_⊥  for the deviations w_⊥ from the mean, so that
 *   w_j(t) = s(t)/k + (w_j(0) − s(0)/k)e^(−2λt),  s(t) = s_∞ + (s(0) − s_∞)e^(−2(k+λ)t),  s_∞ = k/(1 + λ/k).
 *
 * For k = 2 these are s = w₁ + w₂ and d = w₁ − w₂ of Fig. 1, with the limit w_j = 1/(1 + λ/2). Dimensionless.
 */
export function linearToySolution(start: readonly number[], ridge: number, time: number): number[] {
  const k = start.length
  const sum = start.reduce((total, weight) => total + weight, 0)
  const limit = k / (1 + ridge / k)
  const mean = (limit + (sum - limit) * Math.exp(-2 * (k + ridge) * time)) / k
  return start.map((weight) => mean + (weight - sum / k) * Math.exp(-2 * ridge * time))
}
