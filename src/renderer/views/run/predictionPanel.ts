import type { PredictionGrid } from '../../../shared/analysis.ts'
import type { HeatmapPanel } from '../../../shared/panel.ts'

export type PredictionView = 'margin' | 'correct'

export interface PairCount {
  all: number
  correct: number
  leastMargin: number
}

/** The grid as margins, or as right (below zero) and wrong (above). */
export function predictionPanel({ modulus, margin, correct }: PredictionGrid, view: PredictionView): HeatmapPanel {
  const axis = (symbol: string) => ({ label: 'token', symbol, scale: 'linear' as const })
  const common = {
    kind: 'heatmap' as const,
    id: 'predictions',
    title: 'Predictions',
    x: axis('b'),
    y: axis('a'),
    colours: 'diverging' as const,
  }
  if (view === 'correct') {
    const data = Float64Array.from(correct, (right) => (right === 1 ? -0.35 : 1))
    return {
      ...common,
      caption: 'every pair of tokens: blue where the largest output is the right sum',
      matrix: { rows: modulus, columns: modulus, data },
      range: [-1, 1],
      valueLabel: '',
    }
  }
  // Red is a wrong prediction in both views.
  const data = Float64Array.from(margin, (value) => -value)
  return {
    ...common,
    caption: 'every pair of tokens: how far a wrong output lies above the right one; blue is right, red is wrong',
    matrix: { rows: modulus, columns: modulus, data },
    range: [-1, 1],
    valueLabel: '−margin',
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
