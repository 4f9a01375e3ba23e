import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { groupPanel } from '../../../src/shared/curves/groupPanel.ts'
import { groupingsOf, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import { ownMeasurements, usualMeasurements } from '../../../src/shared/curves/measurementChoices.ts'
import { overlayPanel } from '../../../src/shared/curves/overlayPanel.ts'
import { curvesByRun } from '../../../src/shared/curves/curvesByRun.ts'
import { horizontalAxes, offeredAxes } from '../../../src/shared/curves/horizontalAxis.ts'
import type { LinePanel } from '../../../src/shared/panel.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { runSummary } from '../../support/runSummary.ts'

const realTargets: Facets = {
  'task.kind': 'dataset',
  'task.path': 'data.npz',
  'task.trainFraction': 0.7,
  'task.content.targets': 'real',
  'dynamics.kind': 'training',
}
const study = { 'study.kind': 'multiScaleFeatures' } as const
const runs = [
  runSummary({ id: 'network', experimentId: 'a', step: 2 }),
  runSummary({ id: 'study', experimentId: 'b', step: 2, facets: study }),
]
const comparison = compareRuns(runs, undefined)
const rows = Float64Array.of(0, 1, 2)
const curveOf = (...value: number[]) => ({ step: rows, tau: rows, seconds: rows, value: Float64Array.from(value) })
const nothing = {
  step: new Float64Array(),
  tau: new Float64Array(),
  seconds: new Float64Array(),
  value: new Float64Array(),
}
const answers = [
  { runId: 'network', curves: { testMse: curveOf(3, 2, 1), generalizationError: nothing } },
  { runId: 'study', curves: { testMse: curveOf(NaN, NaN, NaN), generalizationError: curveOf(1, 2, 1) } },
]
const look = { axis: 'step', vertical: 'linear', reach: 0 } as const
const panelOf = (answered: typeof answers) => overlayPanel(comparison, curvesByRun(answered), 'testMse', look)

describe('networks and studies laid over one another', () => {
  it('have the curves of which something was measured, and the others are counted', () => {
    const panel = panelOf(answers)
    expect(panel.series.map(({ y }) => [...y])).toEqual([[3, 2, 1]])
    expect(panel.caption).toBe('1 of 2 runs have not measured it')
  })

  it('are not counted where none of them measures it, which the chart says itself', () => {
    const { caption, empty } = overlayPanel(comparison, curvesByRun(answers), 'secondLayerNormSquared', look)
    expect([caption, empty]).toEqual(['', 'none of these runs measures it'])
  })

  it('are not said to lack what has not been read yet', () => {
    for (const read of [[], answers.slice(0, 1)]) expect(panelOf(read).caption).toBe('')
    expect(panelOf([]).empty).toBe('the curves are being read')
    const groups = groupRuns(comparison.runs, groupingsOf(runs)[0]!)
    const grouped = groupPanel(groups, curvesByRun([]), 'testMse', { ...look, spread: 'deviation', traces: false })
    expect([grouped.panel.caption, grouped.panel.empty]).toEqual(['', 'the curves are being read'])
  })

  it('draw a line through the rows of a measurement that was taken at fewer of them, each run and its group', () => {
    const [step, value] = [
      [0, 10, 20, 30, 40, 50],
      [3, NaN, NaN, 2, NaN, NaN],
    ].map((row) => Float64Array.from(row))
    const curves = curvesByRun(
      runs.map(({ id: runId }) => ({
        runId,
        curves: { testMse: { step: step!, tau: step!, seconds: step!, value: value! } },
      })),
    )
    const lines = [{ x: [0, 30], y: [3, 2] }]
    const drawn = ({ series }: LinePanel) => series.map(({ x, y }) => ({ x: [...x], y: [...y] }))
    expect(drawn(overlayPanel(comparison, curves, 'testMse', look))).toEqual([...lines, ...lines])
    const groups = groupRuns(comparison.runs, groupingsOf(runs).at(-1)!)
    const { panel, bands } = groupPanel(groups, curves, 'testMse', { ...look, spread: 'deviation', traces: false })
    expect(drawn({ ...panel, series: panel.series.filter(({ role }) => role === 'mean') })).toEqual(lines)
    expect([...bands[0]!.low]).toEqual([3, 2])
  })

  it('are compared by what each kind measures, in turn', () => {
    const [first, second] = [
      usualMeasurements({ runs: [{ run: runs[0]! }] }),
      usualMeasurements({ runs: [{ run: runs[1]! }] }),
    ]
    expect(usualMeasurements(comparison).slice(0, 4)).toEqual([first[0], second[0], first[1], second[1]])
  })

  it('are compared by their weights where they are closed models, beside what networks measure', () => {
    const toy = runSummary({ id: 'toy', experimentId: 'c', step: 2, facets: { 'task.kind': 'toy' } })
    const usual = ['trainLoss', 'distanceToZeroLoss', 'weight1', 'weight2']
    expect(usualMeasurements({ runs: [{ run: toy }] })).toEqual(usual)
    expect(ownMeasurements(compareRuns([toy], undefined))).toEqual(usual)
    expect(ownMeasurements(compareRuns([toy, runs[0]!], undefined))).toBeNull()
    expect(usualMeasurements({ runs: [{ run: toy }, { run: runs[0]! }] }).slice(0, 2)).toEqual(['trainLoss', 'testMse'])
  })

  it('count places where all are studies, else steps', () => {
    const countOn = (...of: RunSummary[]) =>
      overlayPanel(compareRuns(of, undefined), curvesByRun([]), 'testMse', look).x.label
    expect([countOn(runs[1]!), countOn(...runs), countOn(runs[0]!)]).toEqual(['place', 'step', 'step'])
  })
})

describe('runs without what others have', () => {
  const real = runSummary({ facets: realTargets })

  it('are not compared by an accuracy where their targets are real', () => {
    const measured = (...of: RunSummary[]) => usualMeasurements({ runs: of.map((run) => ({ run })) })
    expect(measured(real)).not.toContain('testAccuracy')
    expect(measured(real).length).toBeGreaterThanOrEqual(4)
    expect(measured(real, runs[0]!)).toContain('testAccuracy')
  })

  it('stand on no clock that does not advance, and before their first step on any', () => {
    const still = { ...real, tau: 0 }
    expect(offeredAxes([still, still])).toEqual(['step', 'logStep', 'computeTime'])
    expect(offeredAxes([still, runs[0]!])).toEqual(horizontalAxes)
    expect(offeredAxes([{ ...still, step: 0 }])).toEqual(horizontalAxes)
    expect(offeredAxes(runs)).toEqual(['step', 'logStep', 'computeTime'])
  })
})
