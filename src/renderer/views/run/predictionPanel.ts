import type { PredictionGrid } from '../../../shared/analysis.ts'
import { beyondWords, shareBeyond } from '../../../shared/charts/shareBeyond.ts'
import type { HeatmapPanel, LinePanel, Series } from '../../../shared/panel.ts'
import { histogram } from './histogram.ts'

export type PredictionView = 'margin' | 'correct'

export interface PairCount {
  all: number
  correct: number
  leastMargin: number
}

/** The grid as margins, or as right and wrong; red is a wrong prediction in both. `about` says of which run. */
export function predictionPanel(
  grid: PredictionGrid,
  view: PredictionView,
  bound: number,
  about: string,
): HeatmapPanel {
  const { modulus, margin, correct, predicted, train } = grid
  const tokens = Int32Array.from({ length: modulus }, (_, token) => token)
  const sum = margin.map((_, at) => (Math.floor(at / modulus) + (at % modulus)) % modulus)
  const axis = (symbol: string) => ({ label: 'token', symbol, scale: 'linear' as const })
  const common = {
    kind: 'heatmap' as const,
    id: 'predictions',
    title: 'Predictions',
    x: axis('b'),
    y: axis('a'),
    rowLabels: { a: tokens },
    columnLabels: { b: tokens },
    colors: 'reversed' as const,
  }
  const matrixOf = (data: Float64Array) => ({ rows: modulus, columns: modulus, data })
  if (view === 'correct') {
    return {
      ...common,
      caption: `blue where the largest output is the right sum; ${about}`,
      matrix: matrixOf(Float64Array.from(correct)),
      value: 'correct',
      with: { sum, predicted, train, margin },
      // Right is pale, so that what is wrong is seen first.
      range: [0, 1.5],
      valueLabel: 'right 1, wrong 0',
    }
  }
  return {
    ...common,
    caption: `the right output less the largest wrong one: blue above zero is right, red is wrong; ${about}`,
    matrix: matrixOf(margin),
    value: 'margin',
    with: { sum, predicted, train, correct },
    range: [-bound, bound],
    valueLabel: 'margin',
  }
}

/** How many unordered pairs there are of each kind, and how many are right. */
export function countPairs({ modulus, correct, margin, train }: PredictionGrid): { train: PairCount; test: PairCount } {
  const counts = {
    train: { all: 0, correct: 0, leastMargin: Infinity },
    test: { all: 0, correct: 0, leastMargin: Infinity },
  }
  for (let a = 0; a < modulus; a++) {
    for (let b = a; b < modulus; b++) {
      const at = a * modulus + b
      const count = train[at] === 1 ? counts.train : counts.test
      count.all++
      count.correct += correct[at]!
      count.leastMargin = Math.min(count.leastMargin, margin[at]!)
    }
  }
  return counts
}

/** How many training and held-out pairs have which margin, within ± bound. */
export function marginPanel({ modulus, margin, train, step }: PredictionGrid, bound: number): LinePanel {
  const of = (kind: number) => {
    const values: number[] = []
    for (let a = 0; a < modulus; a++) {
      for (let b = a; b < modulus; b++) if (train[a * modulus + b] === kind) values.push(margin[a * modulus + b]!)
    }
    return values
  }
  const [trained, heldOut] = [of(1), of(0)]
  const beyond = beyondWords(shareBeyond([...trained, ...heldOut], [-bound, bound]))
  const series = (name: string, pairs: string, color: number, values: number[]): Series => {
    return { name, role: 'single', color, of: { pairs, step }, ...histogram(values, bound) }
  }
  return {
    kind: 'lines',
    id: 'margins',
    title: 'Margins',
    caption: ['pairs by margin; above zero is right', ...(beyond ? [beyond] : [])].join('; '),
    x: { label: 'margin', scale: 'linear', least: -bound, most: bound },
    y: { label: 'pairs', column: 'count', scale: 'linear', least: 0 },
    series: [series('trained on', 'train', 0, trained), series('held out', 'test', 1, heldOut)],
  }
}

/** For each sum the share of held-out pairs with that sum that are right; NaN where none is held out. */
export function accuracyBySumPanel({ modulus, correct, train, step }: PredictionGrid): LinePanel {
  const pairs = new Float64Array(modulus)
  const right = new Float64Array(modulus)
  for (let a = 0; a < modulus; a++) {
    for (let b = a; b < modulus; b++) {
      const at = a * modulus + b
      if (train[at] === 1) continue
      pairs[(a + b) % modulus]!++
      right[(a + b) % modulus]! += correct[at]!
    }
  }
  return {
    kind: 'lines',
    id: 'accuracyBySum',
    title: 'By sum',
    caption: 'share of held-out pairs that are right',
    x: { label: 'sum modulo p', column: 'sum', scale: 'linear' },
    y: { label: 'share', scale: 'linear', least: 0, most: 1 },
    series: [
      {
        name: 'held out',
        role: 'points',
        color: 0,
        of: { step },
        with: { heldOutPairs: pairs },
        x: pairs.map((_, sum) => sum),
        y: right.map((count, sum) => count / pairs[sum]!),
      },
    ],
  }
}
