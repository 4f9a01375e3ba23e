import type { CellState } from '../panel.ts'
import type { Reading } from './mapQuantity.ts'

export const statistics = ['median', 'spread', 'share'] as const
/** What a cell shows of the readings of its runs. */
export type Statistic = (typeof statistics)[number]

/** What a cell shows; `above` is the bound of one that is censored, else NaN. */
export interface CellValue {
  state: CellState
  value: number
  above: number
}

/** Of the runs of a cell that have ended; null stands for one that says nothing. */
export function cellValue(statistic: Statistic, readings: readonly Reading[]): CellValue {
  const known = readings.filter((reading) => reading !== null)
  if (known.length === 0) return { state: 'missing', value: NaN, above: NaN }
  if (known.every(({ value }) => value === Infinity)) return { state: 'failed', value: NaN, above: NaN }
  switch (statistic) {
    case 'median':
      return median(known)
    case 'spread':
      return spread(known)
    case 'share':
      return { state: 'value', value: known.filter(({ isBeyond }) => !isBeyond).length / known.length, above: NaN }
  }
}

type Known = Exclude<Reading, null>

/**
 * The middle reading, of an even number the mean of the two in the middle. Readings that lie beyond a bound are larger than it,
 * and none is taken for its bound: where more than half of them do, or one whose bound is below the median of the others, whose
 * place among them is not known, the cell is censored, above the reading or bound that has the median's rank. With exactly half, the upper
 * of the two in the middle is not known, and the lower one is the median: the time by which half have come (Kaplan & Meier 1958, doi
 * 10.1080/01621459.1958.10501452).
 */
function median(known: readonly Known[]): CellValue {
  const within = known.filter(({ isBeyond }) => !isBeyond).map(({ value }) => value)
  const half = known.length / 2
  within.sort((a, b) => a - b)
  const [lower, upper] = [within[Math.ceil(half) - 1], within[Math.floor(half)]]
  const largest = upper ?? lower ?? Infinity
  if (lower === undefined || known.some(({ value, isBeyond }) => isBeyond && value < largest)) {
    const bounds = known.map(({ value }) => value).sort((a, b) => a - b)
    const above = bounds[Math.ceil(half) - 1]!
    return { state: above === Infinity ? 'failed' : 'censored', value: NaN, above: above === Infinity ? NaN : above }
  }
  return { state: 'value', value: upper === undefined ? lower : (lower + upper) / 2, above: NaN }
}

/** The standard deviation over seeds, with n − 1; it is not known where one reading lies beyond a bound. */
function spread(known: readonly Known[]): CellValue {
  if (known.some(({ isBeyond }) => isBeyond)) return { state: 'censored', value: NaN, above: NaN }
  if (known.length < 2) return { state: 'missing', value: NaN, above: NaN }
  const mean = known.reduce((sum, { value }) => sum + value, 0) / known.length
  const squares = known.reduce((sum, { value }) => sum + (value - mean) ** 2, 0)
  return { state: 'value', value: Math.sqrt(squares / (known.length - 1)), above: NaN }
}
