import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../../src/renderer/views/compare/comparison.ts'
import {
  curvePanel,
  distancePanel,
  pacePanel,
  theoryRuns,
} from '../../../../src/renderer/views/compare/theoryPanels.ts'
import { theoryReading } from '../../../../src/renderer/views/compare/theoryReading.ts'
import type { Curve } from '../../../../src/shared/run.ts'
import { runSummary } from '../../../support/runSummary.ts'

const summaries = [
  runSummary({ id: 'fast', name: 'isolated', dynamics: 'isolated' }),
  runSummary({ id: 'real', name: 'training', dynamics: 'training' }),
  runSummary({ id: 'same', name: 'flow', dynamics: 'zeroLossFlow' }),
]
const { runs } = compareRuns(summaries, undefined)
const tau = Float64Array.from({ length: 201 }, (_, i) => i / 100)
const falling = (rate: number): Curve => ({
  step: tau,
  tau,
  seconds: tau,
  value: tau.map((t) => 0.1 * Math.exp(-rate * t)),
})
const rates: Record<string, number> = { real: 1, fast: 2, same: 1 }
const curveOf = (id: string) => falling(rates[id]!)
const state = (speed: number) => ({ tau: [0, 1, 2], matrix: [0, 1, 2].map((t) => Float64Array.of(1 + speed * t, 0)) })
const states = new Map([
  ['real', state(1)],
  ['fast', state(1.44)],
  ['same', state(1)],
])
const theories = theoryRuns(runs)
const panels = {
  error: curvePanel(theories, curveOf, 'testMse', { title: '', caption: '', y: { label: '', scale: 'linear' } }),
  distance: distancePanel(theories, states),
  pace: pacePanel(theories, curveOf),
}

describe('theories against training', () => {
  it('hold all runs against the one that was trained, or the first', () => {
    const referenceOf = (...given: Parameters<typeof theoryRuns>) =>
      theoryRuns(...given).flatMap(({ isReference, run }) => (isReference ? [run.id] : []))
    expect(referenceOf(runs)).toEqual(['real'])
    expect(referenceOf(runs, 'same')).toEqual(['same'])
    expect(referenceOf(runs, 'elsewhere')).toEqual(['real'])
    expect(referenceOf(runs.slice(0, 1))).toEqual(['fast'])
    expect(referenceOf([])).toEqual([])
  })

  it('draw the reference as the strong line, and not against itself', () => {
    expect(panels.error.series.map(({ role }) => role)).toEqual(['single', 'mean', 'single'])
    for (const panel of [panels.distance, panels.pace]) {
      expect(panel.series.map(({ name }) => name)).toEqual(['isolated', 'flow'])
    }
  })

  it('give each panel x in ascending order', () => {
    for (const { series } of Object.values(panels)) {
      for (const { x } of series) expect([...x]).toEqual([...x].sort((a, b) => a - b))
    }
  })

  it('are read in sentences that the curves bear out', () => {
    const [isolated, flow] = theoryReading(theories, panels, 1)
    expect(isolated).toContain('lies 44 % of training’s way off')
    expect(isolated).toContain('0.023 lower')
    expect(isolated).toContain('2.0 times as soon')
    expect(flow).toBe(
      'flow lies 0 % of training’s way off, has the same test error and reaches equal errors at the same time.',
    )
    expect(theoryReading(theories, panels, 99).join()).not.toContain('%')
  })

  it('say nothing of distances between networks of unequal size', () => {
    const unequal = new Map([...states, ['fast', { tau: [0, 1], matrix: [Float64Array.of(1), Float64Array.of(2)] }]])
    expect(distancePanel(theories, unequal).series.map(({ name }) => name)).toEqual(['flow'])
    expect(distancePanel(theories, new Map()).series).toEqual([])
  })
})
