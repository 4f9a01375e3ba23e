import { add, complex, divide, modulus, multiply, scale, type Complex } from '../numerics/complex.ts'
import { laplaceContour } from '../numerics/inverseLaplace.ts'

/** A block of input directions: its share φ_j of all, and its squared singular value s_j; 0 where it is never learned. */
export interface Block {
  share: number
  strength: number
}

export interface MultiScaleLimit {
  /** α = n/d. */
  samplesPerDimension: number
  blocks: readonly Block[]
  /** σ², the variance of the label noise. */
  noiseVariance: number
  /** λ. */
  weightDecay: number
}

export interface OrderParameters {
  /** R = W·u/d. */
  overlap: number
  /** Q = ‖u‖²/d. */
  normSquared: number
  /** L_G = ½(1 + Q − 2R). */
  error: number
}

/**
 * R, Q and L_G of gradient flow at time τ > 0 from zero, in the limit n, d → ∞ at n/d = α, for a linear student that sees
 * isotropic inputs through blocks of singular values √s_j, a teacher with ‖W‖² = d, and the loss ½‖y − Xw‖² + ½λ‖w‖².
 * With z = s + λ, μ = μ(z), g_j = 1/(z + μ s_j), q = 1 + λ/s, and primes for s':
 *
 *   C(s, s') = [q q' Σ φ_j g_j g'_j + γ σ²/(s s')]/(1 − γ),  γ = (μμ'/α) Σ φ_j s_j² g_j g'_j,  m(s) = q Σ φ_j g_j;
 *
 * 2 L_G is the double inverse Laplace transform of C at (τ, τ), R = 1 − L⁻¹[m](τ), Q = 2 L_G − 1 + 2R. It holds as μ is the
 * deterministic equivalent of the resolvent of the inputs. Dimensionless; absolute error about 1e-12. The order parameters are those
 * of Pezeshki et al. 2022 (arXiv 2112.03215), who approximate them; exact in SCIENCE.md §9.
 */
export function flowLimit(limit: MultiScaleLimit, tau: number): OrderParameters {
  const { blocks, samplesPerDimension: alpha, noiseVariance, weightDecay } = limit
  // Nodes come in conjugate pairs, and conjugate nodes have conjugate values: those above the real axis stand for both.
  const contour = laplaceContour(tau).filter(({ s }) => s.im > 0)
  const shifted = contour.map(({ s }) => add(s, complex(weightDecay)))
  const least = Math.min(...shifted.map(modulus))
  let mean = 0
  const nodes = contour.map(({ s, weight }, k): Node => {
    const mu = resolventMu(limit, shifted[k]!, least)
    const q = add(complex(1), divide(complex(weightDecay), s))
    const g = blocks.map(({ strength }) => divide(complex(1), add(shifted[k]!, scale(strength, mu))))
    const signal = g.map((each) => multiply(q, each))
    mean += 2 * multiply(weight, add(...signal.map((each, j) => scale(blocks[j]!.share, each)))).re
    return { weight, signal, coupling: g.map((each) => multiply(mu, each)), noise: divide(complex(1), s) }
  })

  /** Re w w' C(s, s'), with s' conjugate where `sign` is −1. */
  function term(a: Node, b: Node, sign: 1 | -1): number {
    let [re, im, gammaRe, gammaIm] = [0, 0, 0, 0]
    for (let j = 0; j < blocks.length; j++) {
      const { share, strength } = blocks[j]!
      const [x, y] = [a.signal[j]!, b.signal[j]!]
      re += share * (x.re * y.re - sign * x.im * y.im)
      im += share * (x.im * y.re + sign * x.re * y.im)
      const [u, v] = [a.coupling[j]!, b.coupling[j]!]
      const factor = (share * strength * strength) / alpha
      gammaRe += factor * (u.re * v.re - sign * u.im * v.im)
      gammaIm += factor * (u.im * v.re + sign * u.re * v.im)
    }
    if (noiseVariance > 0) {
      const noiseRe = a.noise.re * b.noise.re - sign * a.noise.im * b.noise.im
      const noiseIm = a.noise.im * b.noise.re + sign * a.noise.re * b.noise.im
      re += noiseVariance * (gammaRe * noiseRe - gammaIm * noiseIm)
      im += noiseVariance * (gammaRe * noiseIm + gammaIm * noiseRe)
    }
    const weightRe = a.weight.re * b.weight.re - sign * a.weight.im * b.weight.im
    const weightIm = a.weight.im * b.weight.re + sign * a.weight.re * b.weight.im
    const [topRe, topIm] = [weightRe * re - weightIm * im, weightRe * im + weightIm * re]
    const bottomRe = 1 - gammaRe
    return (topRe * bottomRe - topIm * gammaIm) / (bottomRe * bottomRe + gammaIm * gammaIm)
  }

  let covariance = 0
  nodes.forEach((a, k) => {
    covariance += 2 * (term(a, a, 1) + term(a, a, -1))
    for (let l = 0; l < k; l++) covariance += 4 * (term(a, nodes[l]!, 1) + term(a, nodes[l]!, -1))
  })
  const overlap = 1 - mean
  return { overlap, normSquared: covariance - 1 + 2 * overlap, error: covariance / 2 }
}

/** What C is made of at a node: by blocks q g_j and μ g_j, and 1/s. */
interface Node {
  weight: Complex
  signal: Complex[]
  coupling: Complex[]
  noise: Complex
}

/** Of the ray on which μ is followed, and of Newton's method at each place of it. */
const [placesPerDecade, newtonSteps] = [5, 4]

/**
 * μ(z) with μ(1 + δ) = α, δ = Σ φ_j s_j/(z + μ s_j), on the branch that tends to α as |z| → ∞: Newton's method followed along
 * the ray ϱz from a ϱ at which |ϱz| is large, to 1. `least` is the modulus that sets how far out the ray begins.
 */
function resolventMu({ blocks, samplesPerDimension: alpha }: MultiScaleLimit, z: Complex, least: number): Complex {
  const strongest = Math.max(...blocks.map(({ strength }) => strength))
  const start = Math.log10((1e4 * (1 + alpha) * strongest) / least)
  const places = Math.ceil(placesPerDecade * Math.max(start, 1))
  let [muRe, muIm] = [alpha, 0]
  for (let place = 0; place <= places; place++) {
    const distance = 10 ** (start * (1 - place / places))
    const [zRe, zIm] = [distance * z.re, distance * z.im]
    for (let step = 0; step < newtonSteps; step++) {
      // 1 + δ, and its derivative −Σ φ_j s_j²/(z + μ s_j)².
      let [sumRe, sumIm, slopeRe, slopeIm] = [1, 0, 0, 0]
      for (const { share, strength } of blocks) {
        const [re, im] = [zRe + strength * muRe, zIm + strength * muIm]
        const factor = strength / (re * re + im * im)
        const [inverseRe, inverseIm] = [factor * re, -factor * im]
        sumRe += share * inverseRe
        sumIm += share * inverseIm
        slopeRe -= share * (inverseRe * inverseRe - inverseIm * inverseIm)
        slopeIm -= 2 * share * inverseRe * inverseIm
      }
      const [excessRe, excessIm] = [muRe * sumRe - muIm * sumIm - alpha, muRe * sumIm + muIm * sumRe]
      const [tangentRe, tangentIm] = [sumRe + muRe * slopeRe - muIm * slopeIm, sumIm + muRe * slopeIm + muIm * slopeRe]
      const square = tangentRe * tangentRe + tangentIm * tangentIm
      muRe -= (excessRe * tangentRe + excessIm * tangentIm) / square
      muIm -= (excessIm * tangentRe - excessRe * tangentIm) / square
    }
  }
  return complex(muRe, muIm)
}
