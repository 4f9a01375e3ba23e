import type { ParallelAxis } from '../panel.ts'
import type { Scale } from './scale.ts'
import { valueAtHeight } from './valueAtHeight.ts'

/** Steps across an axis on which lines have more values than that. */
const mostSteps = 20

/**
 * The part of an axis that is looked at once an end of it moves to the next value (1 is upwards), or by a twentieth of the axis where
 * there are many; null where that is all of it. An end stops before the other.
 */
export function moveRange(
  each: Pick<ParallelAxis, 'values' | 'range'>,
  scale: Scale,
  end: 'low' | 'high',
  direction: 1 | -1,
): readonly [number, number] | null {
  const stops = stopsOf(each.values, scale)
  const [first, last] = [stops[0], stops.at(-1)]
  if (first === undefined || last === undefined) return null
  const [low, high] = each.range ?? [first, last]
  const next = (from: number) =>
    direction === 1 ? stops.find((stop) => stop > from) : stops.findLast((stop) => stop < from)
  const moved: [number, number] =
    end === 'low' ? [Math.min(high, next(low) ?? low), high] : [low, Math.max(low, next(high) ?? high)]
  return moved[0] <= first && moved[1] >= last ? null : moved
}

function stopsOf(values: Float64Array, scale: Scale): number[] {
  const different = [...new Set(values)].filter((value) => !Number.isNaN(scale.at(value))).sort((a, b) => a - b)
  if (different.length <= mostSteps + 1) return different
  const [from, to] = scale.range
  // The first height is the lower end to the bit, and the last the upper one.
  const heightAt = (share: number) => from * (1 - share) + to * share
  return Array.from({ length: mostSteps + 1 }, (_, k) => valueAtHeight(scale, heightAt(k / mostSteps)))
}
