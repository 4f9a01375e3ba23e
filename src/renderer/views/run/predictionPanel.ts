import type { PredictionGrid } from '../../../shared/analysis.ts'
import type { HeatmapPanel, LinePanel } from '../../../shared/panel.ts'
import { histogram } from './histogram.ts'

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
      valueLabel: 'right below 0',
    }
  }
  // Red is a wrong prediction in both views.
  const data = Float64Array.from(margin, (value) => -value)
  return {
    ...common,
    caption: 'the largest wrong output less the right one: blue below zero is right, red is wrong',
    matrix: { rows: modulus, columns: modulus, data },
    range: [-2, 2],
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

/** How many training and held-out pairs have which margin. */
export function marginPanel({ modulus, margin, train }: PredictionGrid): LinePanel {
  const of = (kind: number) => {
    const values: number[] = []
    for (let a = 0; a < modulus; a++) {
      for (let b = a; b < modulus; b++) if (train[a * modulus + b] === kind) values.push(margin[a * modulus + b]!)
    }
    return histogram(values, 2)
  }
  return {
    kind: 'lines',
    id: 'margins',
    title: 'Margins',
    caption: 'pairs by margin; above zero is right',
    x: { label: 'margin', scale: 'linear', least: -2, most: 2 },
    y: { label: 'pairs', scale: 'linear', least: 0 },
    series: [
      { name: 'trained on', role: 'single', colour: 0, ...of(1) },
      { name: 'held out', role: 'single', colour: 1, ...of(0) },
    ],
  }
}

/** For each sum the share of held-out pairs with that sum that are right; NaN where none is held out. */
export function accuracyBySum({ modulus, correct, train }: PredictionGrid): Float64Array {
  const all = new Float64Array(modulus)
  const right = new Float64Array(modulus)
  for (let a = 0; a < modulus; a++) {
    for (let b = a; b < modulus; b++) {
      const at = a * modulus + b
      if (train[at] === 1) continue
      all[(a + b) % modulus]!++
      right[(a + b) % modulus]! += correct[at]!
    }
  }
  return right.map((count, sum) => count / all[sum]!)
}
