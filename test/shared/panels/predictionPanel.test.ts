import { describe, expect, it } from 'vitest'
import {
  accuracyByAnswerPanel,
  countPairs,
  marginPanel,
  predictionPanel,
} from '../../../src/shared/panels/predictionPanel.ts'

/** p = 3: the pairs (0,0) and (0,1) are trained on; (1,2) is predicted wrong. */
const grid = {
  step: 7,
  modulus: 3,
  predicted: Int32Array.of(0, 1, 2, 1, 2, 1, 2, 1, 1),
  correct: Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 0, 1),
  margin: Float64Array.of(1, 0.9, 0.5, 0.9, 0.4, -0.2, 0.5, -0.2, 0.1),
  train: Uint8Array.of(1, 1, 0, 1, 0, 0, 0, 0, 0),
  target: Int32Array.of(0, 1, 2, 1, 2, 0, 2, 0, 1),
  isFirst: Uint8Array.of(1, 1, 1, 0, 1, 1, 0, 0, 1),
}

describe('the grid of predictions', () => {
  it('counts each unordered pair once', () => {
    expect(countPairs(grid)).toEqual({
      train: { all: 2, correct: 2, minMargin: 0.9 },
      test: { all: 4, correct: 3, minMargin: -0.2 },
    })
  })

  it('has an accuracy for each answer that has held-out pairs', () => {
    // Sums: (0,2) and (1,1) → 2, (1,2) → 0, (2,2) → 1.
    expect([...accuracyByAnswerPanel(grid).series[0]!.y]).toEqual([0, 1, 1])
  })

  it('has the margins of all pairs in its histograms', () => {
    const counts = marginPanel(grid, 2).series.map(({ y }) => y.reduce((sum, count) => sum + count, 0))
    expect(counts).toEqual([2, 4])
  })

  it('says how many margins lie beyond its histograms, where they are many', () => {
    expect(marginPanel(grid, 1).caption).not.toContain('beyond')
    // 0.9 and 1 of six pairs.
    expect(marginPanel(grid, 0.6).caption).toContain('33\u2009% of values beyond the scale')
  })

  it('has margins with the sign that they have, and red below zero', () => {
    const panel = predictionPanel(grid, 'margin', 1, '')
    expect(panel.matrix.data).toEqual(grid.margin)
    expect(panel).toMatchObject({ colors: 'reversed', range: [-1, 1] })
  })
})
