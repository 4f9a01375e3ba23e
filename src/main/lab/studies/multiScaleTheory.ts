import { add, complex, divide, modulus, multiply, scale, type Complex } from '../numerics/complex.ts'
import { exponential, laplaceContour } from '../numerics/inverseLaplace.ts'

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
 * With z = s + λ, x = x(z) (`followRoot`), l_j = 1/(1 + x s_j), and primes for s':
 *
 *   C(s, s') = [Σ φ_j l_j l'_j + γ σ²]/(s s' (1 − γ)),  γ = (x x'/α) Σ φ_j s_j² l_j l'_j,  m(s) = Σ φ_j l_j/s;
 *
 * 2 L_G is the double inverse Laplace transform of C at (τ, τ), R = 1 − L⁻¹[m](τ), Q = 2 L_G − 1 + 2R. It holds as xz is the
 * deterministic equivalent of the resolvent of the inputs. Dimensionless; absolute error about 1e-12. The order parameters are those
 * of Pezeshki et al. 2022 (arXiv 2112.03215), who approximate them; exact in SCIENCE.md §9.
 */
export function flowLimit(limit: MultiScaleLimit, tau: number): OrderParameters {
  const { blocks, samplesPerDimension: alpha, noiseVariance, weightDecay } = limit
  // Nodes come in conjugate pairs, and conjugate nodes have conjugate values: those above the real axis stand for both.
  const contour = laplaceContour(tau).filter(({ s }) => s.im > 0)
  let mean = 0
  const nodes = contour.map(({ s, weight }): Node => {
    const x = followRoot(limit, add(s, complex(weightDecay)))
    const left = blocks.map(({ strength }) => divide(complex(1), add(complex(1), scale(strength, x))))
    const signal = left.map((each) => divide(each, s))
    mean += 2 * multiply(weight, add(...signal.map((each, j) => scale(blocks[j]!.share, each)))).re
    return { weight, signal, coupling: left.map((each) => multiply(x, each)), noise: divide(complex(1), s) }
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

/** What C is made of at a node: by blocks l_j/s and x l_j, and 1/s. */
interface Node {
  weight: Complex
  signal: Complex[]
  coupling: Complex[]
  noise: Complex
}

/** Of the ray on which x is followed; at its end Newton's method goes on until it stands, or for so many steps. */
const [placesPerDecade, newtonSteps, maxNewtonSteps] = [2, 2, 20]

/**
 * x(z) with xz + Σ φ_j x s_j/(1 + x s_j) = α, on the branch that tends to α/z as |z| → ∞: followed along the ray ϱz from a ϱ at which |ϱz|
 * is large, to 1, by its tangent in ln x over ln ϱ and Newton's method. Where n < d it stays finite as z → 0, while xz, which is solved for
 * elsewhere, loses its digits.
 */
function followRoot({ blocks, samplesPerDimension: alpha }: MultiScaleLimit, z: Complex): Complex {
  const learned = blocks.filter(({ strength }) => strength > 0)
  const strongest = Math.max(...learned.map(({ strength }) => strength))
  const start = Math.log((1e2 * (1 + alpha) * strongest) / modulus(z))
  const places = Math.ceil((placesPerDecade * Math.max(start, 1)) / Math.LN10)
  let here = scale(Math.exp(start), z)
  let x = divide(complex(alpha), here)
  for (let place = 0; ; place++) {
    const isLast = place === places
    for (let step = 0; step < (isLast ? maxNewtonSteps : newtonSteps); step++) {
      const { excess, slope } = excessAt(x, here)
      const change = divide(excess, slope)
      x = { re: x.re - change.re, im: x.im - change.im }
      if (modulus(change) <= Number.EPSILON * modulus(x)) break
    }
    if (isLast) return x
    // d ln x/d ln ϱ = −z/(dF/dx).
    const tangent = divide(here, excessAt(x, here).slope)
    x = multiply(x, exponential(scale(start / places, tangent)))
    here = scale(Math.exp(start * (1 - (place + 1) / places)), z)
  }

  /** F = xz + Σ φ_j x s_j/(1 + x s_j) − α, and dF/dx = z + Σ φ_j s_j/(1 + x s_j)². */
  function excessAt({ re, im }: Complex, { re: zRe, im: zIm }: Complex): { excess: Complex; slope: Complex } {
    let [excessRe, excessIm] = [re * zRe - im * zIm - alpha, re * zIm + im * zRe]
    let [slopeRe, slopeIm] = [zRe, zIm]
    for (const { share, strength } of learned) {
      const [denominatorRe, denominatorIm] = [1 + strength * re, strength * im]
      const factor = 1 / (denominatorRe * denominatorRe + denominatorIm * denominatorIm)
      // 1/(1 + x s)
      const [inverseRe, inverseIm] = [factor * denominatorRe, -factor * denominatorIm]
      const weight = share * strength
      excessRe += weight * (re * inverseRe - im * inverseIm)
      excessIm += weight * (re * inverseIm + im * inverseRe)
      slopeRe += weight * (inverseRe * inverseRe - inverseIm * inverseIm)
      slopeIm += 2 * weight * inverseRe * inverseIm
    }
    return { excess: complex(excessRe, excessIm), slope: complex(slopeRe, slopeIm) }
  }
}
