import { formatShare } from '../formatting/formatNumber.ts'

/** More than this beyond a scale is told. */
const worthTelling = 0.05

/** The share of finite values that lie beyond a range. */
export function shareBeyond(values: ArrayLike<number>, [low, high]: readonly [number, number]): number {
  let beyond = 0
  let finite = 0
  for (let place = 0; place < values.length; place++) {
    const value = values[place]!
    if (!Number.isFinite(value)) continue
    finite++
    if (value < low || value > high) beyond++
  }
  return finite === 0 ? 0 : beyond / finite
}

/** "7 % of values beyond the scale", where so many values lie beyond a scale that it must be said; else null. */
export function describeShareBeyond(share: number): string | null {
  const brief = briefShareBeyond(share)
  return brief && brief.replace(' beyond', ' of values beyond the scale')
}

/** The same beside a scale: "7 % beyond". */
export function briefShareBeyond(share: number): string | null {
  return share > worthTelling ? `${formatShare(share, 0)} beyond` : null
}
