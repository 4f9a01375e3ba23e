import type { PredictionGrid } from '../analysis.ts'
import { describeShareBeyond, shareBeyond } from '../charts/shareBeyond.ts'
import type { HeatmapPanel, LinePanel, Series } from '../panel.ts'
import { histogram } from './histogram.ts'

export type PredictionView = 'margin' | 'correct'

export interface PairCount {
  all: number
  correct: number
  minMargin: number
}

/** The grid as margins, or as right and wrong; red is a wrong prediction in both. `about` says of which run. */
export function predictionPanel(
  grid: PredictionGrid,
  view: PredictionView,
  bound: number,
  about: string,
): HeatmapPanel {
  const { modulus, margin, correct, predicted, train, target } = grid
  const tokens = Int32Array.from({ length: modulus }, (_, token) => token)
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
      caption: `blue where the largest output is the right answer; ${about}`,
      matrix: matrixOf(Float64Array.from(correct, (value, at) => (target[at]! < 0 ? NaN : value))),
      value: 'correct',
      with: { target, predicted, train, margin },
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
    with: { target, predicted, train, correct },
    range: [-bound, bound],
    valueLabel: 'margin',
  }
}

/** How many pairs there are of each kind, and how many are right; those that are unordered count once. */
export function countPairs({ correct, margin, train, isFirst }: PredictionGrid): { train: PairCount; test: PairCount } {
  const counts = {
    train: { all: 0, correct: 0, minMargin: Infinity },
    test: { all: 0, correct: 0, minMargin: Infinity },
  }
  isFirst.forEach((first, at) => {
    if (first === 0) return
    const count = train[at] === 1 ? counts.train : counts.test
    count.all++
    count.correct += correct[at]!
    count.minMargin = Math.min(count.minMargin, margin[at]!)
  })
  return counts
}

/** How many training and held-out pairs have which margin, within ± bound. */
export function marginPanel({ margin, train, isFirst, step }: PredictionGrid, bound: number): LinePanel {
  const of = (kind: number) => Array.from(margin.filter((_, at) => isFirst[at] === 1 && train[at] === kind))
  const [trained, heldOut] = [of(1), of(0)]
  const beyond = describeShareBeyond(shareBeyond([...trained, ...heldOut], [-bound, bound]))
  const series = (name: string, pairs: string, color: number, values: number[]): Series => {
    return { name, role: 'single', color, of: { pairs, step }, ...histogram(values, bound) }
  }
  return {
    kind: 'lines',
    id: 'margins',
    title: 'Margins',
    caption: ['pairs by margin; above zero is right', ...(beyond ? [beyond] : [])].join('; '),
    x: { label: 'margin', scale: 'linear', min: -bound, max: bound },
    y: { label: 'pairs', column: 'count', scale: 'linear', min: 0, isCounted: true },
    series: [series('trained on', 'train', 0, trained), series('held out', 'test', 1, heldOut)],
  }
}

/** For each answer the share of held-out pairs with that answer that are right; NaN where none is held out. */
export function accuracyByAnswerPanel({ modulus, correct, train, target, isFirst, step }: PredictionGrid): LinePanel {
  const pairs = new Float64Array(modulus)
  const right = new Float64Array(modulus)
  target.forEach((answer, at) => {
    if (isFirst[at] === 0 || train[at] === 1) return
    pairs[answer]!++
    right[answer]! += correct[at]!
  })
  return {
    kind: 'lines',
    id: 'accuracyByAnswer',
    title: 'By answer',
    caption: 'share of held-out pairs that are right',
    x: { label: 'right answer', column: 'answer', scale: 'linear', isCounted: true },
    y: { label: 'share', scale: 'linear', min: 0, max: 1 },
    series: [
      {
        name: 'held out',
        role: 'points',
        color: 0,
        of: { step },
        with: { heldOutPairs: pairs },
        x: pairs.map((_, answer) => answer),
        y: right.map((count, sum) => count / pairs[sum]!),
      },
    ],
  }
}
