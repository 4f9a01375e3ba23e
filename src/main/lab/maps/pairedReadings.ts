import type { PairedComparison } from '../../../shared/map/mapComparison.ts'
import type { MapQuantity, Reading } from '../../../shared/map/mapQuantity.ts'

/** One quantity of two runs that share everything but what is compared. */
export type PairedReading = readonly [first: Reading, second: Reading]

/**
 * Compares readings by pairs. A reading beyond its bound is larger than what came before that, so a pair with one such has an effect of
 * ±∞ (a ratio of ∞ or 0) and keeps its rank; a pair with two has no effect, nor one whose other reading is later than that bound: which
 * of both is larger is not known. The interval of the median is that of the sign test: between the
 * j-th smallest and the j-th largest effect with the largest j for which 2·P(Bin(n, ½) < j) ≤ 5 %, exact for independent pairs of any
 * distribution (Thompson 1936, doi 10.1214/aoms/1177732502).
 */
export function comparePairs(
  readings: readonly PairedReading[],
  { scale, isTime }: Pick<MapQuantity, 'scale' | 'isTime'>,
): PairedComparison {
  const known = readings.filter((pair): pair is [Known, Known] => pair[0] !== null && pair[1] !== null)
  const came = { both: 0, first: 0, second: 0, neither: 0 }
  for (const [first, second] of known) {
    if (first.isBeyond) came[second.isBeyond ? 'neither' : 'second']++
    else came[second.isBeyond ? 'first' : 'both']++
  }
  // Of the pairs in which one alone came, those whose other run was given as long.
  const alone = known.filter((pair) => pair[0].isBeyond !== pair[1].isBeyond && areComparable(pair))
  const onlyFirst = alone.filter(([first]) => !first.isBeyond).length
  const isRatio = isComparedByRatio(known, { scale, isTime })
  const effects = known.flatMap((pair) => effectOf(pair, isRatio) ?? []).sort((a, b) => a - b)
  const rank = medianRank(effects.length)
  const back = (effect: number | undefined) => (effect === undefined ? NaN : isRatio ? Math.exp(effect) : effect)
  return {
    pairs: known.length,
    equal: came.neither + effects.filter((effect) => effect === 0).length,
    came,
    decided: alone.length,
    cameProbability: isTime
      ? Math.min(1, 2 * binomialUpTo(alone.length, Math.min(onlyFirst, alone.length - onlyFirst)))
      : 1,
    effect: isRatio ? 'ratio' : 'difference',
    median: back(medianOf(effects)),
    low: back(effects[rank - 1]),
    high: back(rank > 0 ? effects.at(-rank) : undefined),
  }
}

/**
 * Whether pairs are compared by their ratios: where the quantity has a logarithmic scale. Not so times of which one is not above 0, as a delay
 * is where the test set was learned first: all of them are differences then.
 */
function isComparedByRatio(
  readings: readonly PairedReading[],
  { scale, isTime }: Pick<MapQuantity, 'scale' | 'isTime'>,
): boolean {
  if (scale !== 'log') return false
  return !isTime || readings.flat().every((reading) => reading === null || reading.isBeyond || reading.value > 0)
}

/**
 * The median effect of some pairs, on the scale of `effectOf`; NaN where no pair has one. Where it lies between a number and an infinite
 * effect it is the latter's side that is not known, and the number is the median, as in a cell of a map.
 */
export function medianEffect(readings: readonly PairedReading[], isRatio: boolean): number {
  const effects = readings.flatMap(([first, second]) =>
    first && second ? (effectOf([first, second], isRatio) ?? []) : [],
  )
  return medianOf(effects.sort((a, b) => a - b))
}

type Known = Exclude<Reading, null>

/** Whether it is known which of both is larger: a reading beyond its bound than one that is not above that. */
function areComparable([first, second]: readonly [Known, Known]): boolean {
  if (first.isBeyond && second.isBeyond) return false
  return first.isBeyond ? second.value <= first.value : !second.isBeyond || first.value <= second.value
}

/** log(second/first), or second − first; ±∞ where one of both lies beyond its bound, null where they cannot be compared or have no ratio. */
function effectOf([first, second]: readonly [Known, Known], isRatio: boolean): number | null {
  if (!areComparable([first, second])) return null
  if (first.isBeyond || second.isBeyond) return second.isBeyond ? Infinity : -Infinity
  if (first.value === second.value) return 0
  const effect = isRatio ? Math.log(second.value / first.value) : second.value - first.value
  return Number.isNaN(effect) ? null : effect
}

function medianOf(sorted: readonly number[]): number {
  if (sorted.length === 0) return NaN
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1]!, sorted[Math.floor(sorted.length / 2)]!]
  if (lower === upper) return lower
  if (Number.isFinite(lower) && Number.isFinite(upper)) return (lower + upper) / 2
  if (Number.isFinite(lower)) return lower
  return Number.isFinite(upper) ? upper : NaN
}

/** The largest j for which 2·P(Bin(n, ½) < j) ≤ 5 %; 0 where there is none, for n < 6. */
function medianRank(count: number): number {
  const below = binomialSums(count)
  let rank = 0
  while (2 * below.next().value <= 0.05) rank++
  return rank
}

/** P(Bin(n, ½) ≤ k). */
function binomialUpTo(count: number, k: number): number {
  const sums = binomialSums(count)
  for (let below = 0; below < k; below++) sums.next()
  return sums.next().value
}

/** P(Bin(n, ½) ≤ k) for k = 0, 1, …, by the logarithms of its terms. */
function* binomialSums(count: number): Generator<number, never> {
  let logTerm = -count * Math.LN2
  let sum = 0
  for (let k = 0; ; k++) {
    sum += Math.exp(logTerm)
    yield sum
    logTerm += Math.log((count - k) / (k + 1))
  }
}
