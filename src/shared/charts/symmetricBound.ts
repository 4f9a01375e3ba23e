import { decimal, exponentOf } from '../formatting/formatNumber.ts'

/** What a scale shows at least of the values it is fitted to. */
export const shownShare = 0.99

/** A bound that 99 % of the finite values (or another share) stay within in absolute value; 0 where there is none. */
export function symmetricBound(values: ArrayLike<number>, share = shownShare): number {
  const sizes = Float64Array.from(values, Math.abs).filter(Number.isFinite).sort()
  return sizes[Math.ceil(share * sizes.length) - 1] ?? 0
}

/** A bound as a scale has it: two digits, upwards; 1 where there is none. */
export function roundBound(bound: number): number {
  if (!(bound > 0) || !Number.isFinite(bound)) return 1
  const power = exponentOf(bound) - 1
  return decimal(Math.ceil(bound / decimal(1, power) - 1e-9), power)
}
