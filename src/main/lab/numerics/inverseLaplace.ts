import { complex, divide, multiply, scale, type Complex } from './complex.ts'

/** A point of the contour, and what a value there counts in the inverse transform. */
export interface ContourNode {
  s: Complex
  weight: Complex
}

const nodes = 32

/**
 * The nodes s_k and weights w_k with which f(τ) ≈ Re Σ_k w_k F(s_k), and f(τ, τ') ≈ Re Σ_kl w_k w'_l F(s_k, s'_l), for
 * transforms F that are analytic off the negative real axis and real on the positive one, at a τ > 0. The contour of
 * Weideman, cotangent with 32 midpoints; absolute error about 1e-12 where F is of the order of 1/s, so that smaller values of
 * f are noise. Trefethen, Weideman & Schmelzer 2006 (doi 10.1007/s10543-006-0077-9).
 */
export function laplaceContour(tau: number): ContourNode[] {
  const [a, b, c, e] = [0.5017, 0.6407, 0.6122, 0.2645]
  const size = nodes / tau
  return Array.from({ length: nodes }, (_, k) => {
    const theta = -Math.PI + ((k + 0.5) * 2 * Math.PI) / nodes
    const cotangent = 1 / Math.tan(b * theta)
    const s = complex(size * (a * theta * cotangent - c), size * e * theta)
    const slope = complex(size * (a * cotangent - (a * b * theta) / Math.sin(b * theta) ** 2), size * e)
    return { s, weight: divide(multiply(exponential(scale(tau, s)), slope), complex(0, nodes)) }
  })
}

export function exponential({ re, im }: Complex): Complex {
  const size = Math.exp(re)
  return { re: size * Math.cos(im), im: size * Math.sin(im) }
}
