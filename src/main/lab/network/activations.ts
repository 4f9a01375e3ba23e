import type { Activation } from '../../../shared/experiment.ts'

interface ActivationFunction {
  /** σ(z). */
  value(z: number): number
  /** σ'(z); where σ has a corner (z = 0 of relu and leaky relu) the value from the left. */
  derivative(z: number): number
}

const leak = 0.1
const inverseSqrt2 = Math.SQRT1_2
const inverseSqrt2Pi = 1 / Math.sqrt(2 * Math.PI)

/**
 * The activations σ and their derivatives: relu max(z, 0); leaky relu with slope 1/10 below 0; quadratic z²; tanh;
 * gelu z·Φ(z) with Φ the standard normal distribution function (Hendrycks & Gimpel 2016, the exact form);
 * identity z. Entrywise, dimensionless. SCIENCE.md §2.
 */
export const activationFunctions: Record<Activation, ActivationFunction> = {
  relu: {
    value: (z) => (z > 0 ? z : 0),
    derivative: (z) => (z > 0 ? 1 : 0),
  },
  leakyRelu: {
    value: (z) => (z > 0 ? z : leak * z),
    derivative: (z) => (z > 0 ? 1 : leak),
  },
  quadratic: {
    value: (z) => z * z,
    derivative: (z) => 2 * z,
  },
  tanh: {
    value: Math.tanh,
    derivative: (z) => {
      const t = Math.tanh(z)
      return 1 - t * t
    },
  },
  gelu: {
    value: (z) => z * normalDistribution(z),
    derivative: (z) => normalDistribution(z) + z * inverseSqrt2Pi * Math.exp(-0.5 * z * z),
  },
  identity: {
    value: (z) => z,
    derivative: () => 1,
  },
}

/** Φ(z) = erfc(−z/√2)/2. */
function normalDistribution(z: number): number {
  return 0.5 * complementaryErrorFunction(-z * inverseSqrt2)
}

/**
 * erfc(x) = (2/√π)∫_x^∞ e^(−t²)dt, relative error below 1e-14: its Taylor-like series
 * erf(x) = (2/√π)e^(−x²) Σ_k 2^k x^(2k+1)/(2k+1)!! for |x| < 2, else Lentz's continued fraction
 * (Abramowitz & Stegun 7.1.6, 7.1.14).
 */
function complementaryErrorFunction(x: number): number {
  const magnitude = Math.abs(x)
  const gaussian = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)
  if (magnitude < 2) {
    let term = magnitude
    let sum = term
    for (let k = 1; term > 1e-17 * sum; k++) {
      term *= (2 * x * x) / (2 * k + 1)
      sum += term
    }
    return x < 0 ? 1 + gaussian * sum : 1 - gaussian * sum
  }
  let fraction = magnitude
  for (let k = 60; k >= 1; k--) fraction = magnitude + k / 2 / fraction
  const tail = gaussian / (2 * fraction)
  return x < 0 ? 2 - tail : tail
}
