import { formatShort } from '../formatting/formatNumber.ts'

/** What stands beside the bar of a scale of colors: its ends and its middle, the highest first, to as many digits as tell them apart. */
export function colorLabels([low, high]: readonly [number, number]): { share: number; text: string }[] {
  const narrowness = Math.log10(Math.max(Math.abs(low), Math.abs(high)) / (high - low))
  const digits = Number.isFinite(narrowness) ? Math.min(15, Math.max(3, Math.ceil(narrowness) + 2)) : 3
  return [1, 0.5, 0].map((share) => ({ share, text: formatShort(low * (1 - share) + high * share, digits) }))
}
