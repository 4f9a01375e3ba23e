import { formatLabel, formatNumber } from '../formatting/formatNumber.ts'
import type { Axis, ParallelAxis } from '../panel.ts'

/** A place on an axis as it is read: by its name where it has one. */
export function placeWords({ ticks }: Axis, at: number): string {
  return ticks?.find((tick) => tick.at === at)?.label ?? formatNumber(at)
}

/** What a line has on an axis, as it is read: a bound as such. */
export function valueOfLine(each: ParallelAxis, line: number): string {
  const value = each.values[line]!
  if (Number.isNaN(value)) return '–'
  const words = each.axis.ticks?.find(({ at }) => at === value)?.label ?? numberWords(each, value)
  return each.isBeyond?.[line] ? `> ${words}` : words
}

/** The part of an axis that is looked at, in words: choices by their names. */
export function rangeWords(each: ParallelAxis): string {
  if (!each.range) return 'all'
  const [low, high] = each.range
  if (!each.axis.ticks && low === high) return numberWords(each, low)
  if (!each.axis.ticks) return `${numberWords(each, low)} … ${numberWords(each, high)}`
  const within = each.axis.ticks.filter(({ at }) => at >= low && at <= high)
  return within.length > 0 ? within.map(({ label }) => label).join(', ') : 'none'
}

/** What was chosen reads as its tick does, unless an end was drawn there. */
function numberWords({ isChosen, values }: ParallelAxis, value: number): string {
  return isChosen && values.includes(value) ? formatLabel(value) : formatNumber(value)
}
