import { complementaryErrorFunction } from './complementaryErrorFunction.ts'

/*
 * The activations by their numbers, which are their places in `activations` (shared/models/models.ts). Compiled twice:
 * as TypeScript for the host, and as AssemblyScript into the kernels, which have faster ways for some.
 */
export const RELU = 0
export const LEAKY_RELU = 1
export const QUADRATIC = 2
export const TANH = 3
export const GELU = 4
export const IDENTITY = 5

export const LEAK = 0.1
const INVERSE_SQRT_2_PI = 0.3989422804014327

/** σ(z). */
export function activationValue(activation: number, z: number): number {
  if (activation === RELU) return z > 0 ? z : 0
  if (activation === LEAKY_RELU) return z > 0 ? z : LEAK * z
  if (activation === QUADRATIC) return z * z
  if (activation === TANH) return Math.tanh(z)
  if (activation === GELU) return gelu(z)
  if (activation === IDENTITY) return z
  throw new Error('no activation has this number')
}

/** σ'(z); where σ has a corner (z = 0 of relu and leaky relu) the value from the left. */
export function activationDerivative(activation: number, z: number): number {
  if (activation === RELU) return z > 0 ? 1 : 0
  if (activation === LEAKY_RELU) return z > 0 ? 1 : LEAK
  if (activation === QUADRATIC) return 2 * z
  // 1 − tanh² would cancel where tanh saturates.
  if (activation === TANH) return 1 / Math.cosh(z) ** 2
  if (activation === GELU) return geluDerivative(z)
  if (activation === IDENTITY) return 1
  throw new Error('no activation has this number')
}

export function gelu(z: number): number {
  return z * normalDistribution(z)
}

export function geluDerivative(z: number): number {
  return normalDistribution(z) + z * INVERSE_SQRT_2_PI * Math.exp(-0.5 * z * z)
}

/** Φ(z) = erfc(−z/√2)/2. */
function normalDistribution(z: number): number {
  return 0.5 * complementaryErrorFunction(-z * Math.SQRT1_2)
}
