import { add, complex, divide, modulus, multiply, scale, subtract, type Complex } from '../numerics/complex.ts'
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
  const contour = laplaceContour(tau)
  const shifted = contour.map(({ s }) => add(s, complex(weightDecay)))
  const least = Math.min(...shifted.map(modulus))
  const nodes = contour.map(({ s, weight }, k) => {
    const z = shifted[k]!
    const mu = resolventMu(limit, z, least)
    const g = blocks.map(({ strength }) => divide(complex(1), add(z, scale(strength, mu))))
    return { weight, mu, g, q: add(complex(1), divide(complex(weightDecay), s)), noise: divide(complex(1), s) }
  })
  const sumOver = (of: (block: Block, place: number) => Complex) => add(...blocks.map(of))
  let covariance = 0
  let mean = 0
  for (const a of nodes) {
    mean += multiply(
      a.weight,
      a.q,
      sumOver(({ share }, j) => scale(share, a.g[j]!)),
    ).re
    for (const b of nodes) {
      const products = a.g.map((g, j) => multiply(g, b.g[j]!))
      const signal = multiply(
        a.q,
        b.q,
        sumOver(({ share }, j) => scale(share, products[j]!)),
      )
      const coupling = sumOver(({ share, strength }, j) => scale(share * strength ** 2, products[j]!))
      const gamma = scale(1 / alpha, multiply(a.mu, b.mu, coupling))
      const noise = scale(noiseVariance, multiply(gamma, a.noise, b.noise))
      covariance += multiply(a.weight, b.weight, divide(add(signal, noise), subtract(complex(1), gamma))).re
    }
  }
  const overlap = 1 - mean
  return { overlap, normSquared: covariance - 1 + 2 * overlap, error: covariance / 2 }
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
  let mu = complex(alpha)
  for (let place = 0; place <= places; place++) {
    const at = scale(10 ** (start * (1 - place / places)), z)
    for (let step = 0; step < newtonSteps; step++) {
      let delta = complex(1)
      let slope = complex(0)
      for (const { share, strength } of blocks) {
        const inverse = divide(complex(strength), add(at, scale(strength, mu)))
        delta = add(delta, scale(share, inverse))
        slope = subtract(slope, scale(share, multiply(inverse, inverse)))
      }
      const excess = subtract(multiply(mu, delta), complex(alpha))
      mu = subtract(mu, divide(excess, add(delta, multiply(mu, slope))))
    }
  }
  return mu
}
