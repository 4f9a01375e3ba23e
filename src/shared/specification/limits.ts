import { z } from 'zod'

/** The least and the greatest value that each bounded field accepts. */
export const limits = {
  hidden: { min: 1, max: 16_384 },
  steps: { min: 1, max: 1_000_000_000 },
  seed: { min: 0, max: 4_294_967_295 },
  seeds: { min: 1, max: 1_000 },
  measureEvery: { min: 1, max: 1_000_000_000 },
  perDecade: { min: 1, max: 1000 },
  ahead: { min: 3, max: 1000 },
} as const

export const precisions = ['float64', 'float32'] as const
export type Precision = (typeof precisions)[number]

/** In the bounds of a field. */
export const wholeNumber = ({ min, max }: { min: number; max: number }) =>
  z.int('expected a whole number').min(min).max(max)
export const positive = z.number().positive()
export const rate = () => positive.max(1e6)
export const decay = () => z.number().gte(0).max(1e6)
