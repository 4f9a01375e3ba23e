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
  const unit = 10 ** (Math.floor(Math.log10(bound)) - 1)
  return Number((Math.ceil(bound / unit - 1e-9) * unit).toPrecision(2))
}
