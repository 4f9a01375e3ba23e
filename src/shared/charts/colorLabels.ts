import { formatShort } from '../formatting/formatNumber.ts'

/** What stands beside the bar of a scale of colors: its ends and its middle, the highest first. */
export function colorLabels([low, high]: readonly [number, number]): { share: number; text: string }[] {
  return [1, 0.5, 0].map((share) => ({ share, text: formatShort(low + share * (high - low), 3) }))
}
