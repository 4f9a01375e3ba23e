import type { Activation } from '../../../shared/experiment.ts'
import { complementaryErrorFunction } from './complementaryErrorFunction.ts'

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
    // 1 − tanh² would cancel where tanh saturates.
    derivative: (z) => 1 / Math.cosh(z) ** 2,
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
