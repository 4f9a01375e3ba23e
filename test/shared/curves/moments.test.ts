import { describe, expect, it } from 'vitest'
import { CurveBuffer } from '../../../src/shared/curves/curveBuffer.ts'
import { comparedMoments } from '../../../src/shared/curves/comparedMoments.ts'
import { compareRuns, type ComparedRun } from '../../../src/shared/curves/comparison.ts'
import { measurementPanel, type RunGroup } from '../../../src/shared/curves/curvePanels.ts'
import { seriesOfGroup, type RunGrouping } from '../../../src/shared/curves/groupRuns.ts'
import { interventionMoments, originMoment } from '../../../src/shared/curves/moments.ts'
import { decayTimeAt } from '../../../src/shared/decayTime.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { panelCsv } from '../../../src/shared/panelCsv.ts'
import type { Curve } from '../../../src/shared/run.ts'
import { runSummary } from '../../support/runSummary.ts'

const spec = toRunSpec(
  parseExperiment({
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
    network: { hidden: 64 },
    dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-3, steps: 1000 },
    interventions: [
      { kind: 'setWeightDecay', at: 100, value: 0.01 },
      { kind: 'removeFrequencies', at: 400, frequencies: [1, 2] },
      { kind: 'rescale', at: 900, layer: 'first', factor: 0.5 },
    ],
    seeds: [0],
  }),
  0,
)
/** A row every ten steps, a second of computing every hundred. */
const curveTo = (last: number, tauPerStep = 0.001): Curve => {
  const step = Float64Array.from({ length: last / 10 + 1 }, (_, k) => 10 * k)
  return {
    step,
    tau: step.map((at) => at * tauPerStep),
    seconds: step.map((at) => at / 100),
    value: step.map((at) => at + 1),
  }
}

describe('the moments of a run', () => {
  it('say what was done, at its step, its decay time and the second at which it was computed', () => {
    const on = (axis: Parameters<typeof interventionMoments>[1]) =>
      interventionMoments(spec, axis, curveTo(500)).map(({ at }) => at)
    expect(interventionMoments(spec, 'step', null).map(({ label }) => label)).toEqual([
      'wd 0.01',
      'remove $k$ = 1, 2',
      '$E$ × 0.5',
    ])
    expect(on('step')).toEqual([100, 400, 900])
    expect(on('logStep')).toEqual([100, 400, 900])
    expect(on('tau')).toEqual([100, 400, 900].map((step) => decayTimeAt(spec, step)))
    expect(on('logTau')).toEqual(on('tau'))
    // The run has not come to the last: no clock can say when it will.
    expect(on('computeTime')).toEqual([1, 4, NaN])
  })

  it('stand in the table below the points, with their step and decay time', () => {
    const group: RunGroup = {
      runs: [runSummary({ id: 'r', seed: 3 })],
      curves: new Map([['r', new CurveBuffer(['trainLoss'], { trainLoss: curveTo(20) })]]),
      axis: 'step',
      shown: 'both',
      end: null,
      moments: interventionMoments(spec, 'step', null),
    }
    const lines = panelCsv(measurementPanel(group, 'trainLoss', { caption: '' }))
      .trimEnd()
      .split('\n')
    expect(lines).toEqual([
      'seed,step,tau,seconds,moment,trainLoss',
      '3,0,0,0,,1',
      '3,10,0.01,0.1,,11',
      '3,20,0.02,0.2,,21',
      `,100,${decayTimeAt(spec, 100)},,wd 0.01,`,
      `,400,${decayTimeAt(spec, 400)},,"remove k = 1, 2",`,
      `,900,${decayTimeAt(spec, 900)},,E × 0.5,`,
    ])
  })

  it('are told once of compared runs that share them, and whose they are where not', () => {
    const runs = [0, 1].map((seed) => runSummary({ id: `r${seed}`, seed, name: `seed ${seed}` }))
    const comparison = compareRuns(runs, undefined)
    const moments = (acts: (typeof spec.interventions)[], measuring = [0, 1], groups?: RunGrouping[]) =>
      comparedMoments(comparison.runs, {
        specs: new Map(acts.map((interventions, seed) => [`r${seed}`, { spec: { ...spec, interventions } }])),
        curves: new Map(measuring.map((seed) => [`r${seed}`, { trainLoss: curveTo(100) }])),
        name: 'trainLoss',
        axis: 'step',
        ...(groups ? { seriesOf: seriesOfGroup(groups) } : {}),
      }).map(({ label, whose, series }) => ({ label, whose, series }))
    const [first] = spec.interventions
    expect(moments([[first!], [first!]])).toEqual([{ label: 'wd 0.01', whose: undefined, series: undefined }])
    const [, { name, label }] = comparison.runs as [ComparedRun, ComparedRun]
    expect(moments([[], [first!]])).toEqual([{ label: 'wd 0.01', whose: label, series: { run: name } }])
    const all = { members: comparison.runs, independent: comparison.runs }
    const group = { name: 'wide', words: 'wide', label: 'wide', color: 0, ...all }
    expect(moments([[], [first!]], [0, 1], [group])).toEqual([
      { label: 'wd 0.01', whose: label, series: { group: 'wide' } },
    ])
    // Of a run that has not measured what is drawn nothing is told.
    expect(moments([[], [first!]], [0])).toEqual([])
    expect(moments([[], [first!]], [1])).toEqual([{ label: 'wd 0.01', whose: undefined, series: undefined }])
  })
})

describe('the chart of a branch', () => {
  const branch = runSummary({ id: 'b', parentRunId: 'p', parentStep: 300 })
  const buffer = (curve: Curve) => new CurveBuffer(['trainLoss'], { trainLoss: curve })
  const group = (axis: RunGroup['axis']): RunGroup => ({
    runs: [branch],
    curves: new Map([['b', buffer(curveTo(100))]]),
    axis,
    shown: 'both',
    end: null,
    parent: { name: 'first', curves: buffer(curveTo(1000, 0.002)), step: 300, reach: 100 },
  })
  const parentOn = (axis: RunGroup['axis']) => {
    const panel = measurementPanel(group(axis), 'trainLoss', { caption: '' })
    const series = panel.series.find(({ role }) => role === 'context')!
    return { min: panel.x.min, x: series.x, y: series.y }
  }

  it('shows its parent in gray on its own count: as far before it as it goes, and beyond', () => {
    const { min, x, y } = parentOn('step')
    expect([x[0], x.at(-1), x.length]).toEqual([-100, 100, 21])
    expect(y[10]).toBe(301)
    expect(min).toBe(-100)
  })

  it('does so in decay time, of which the parent had more a step', () => {
    const { min, x } = parentOn('tau')
    expect(x[0]).toBeCloseTo(-0.2, 12)
    expect(x[10]).toBeCloseTo(0, 12)
    expect(min).toBe(x[0])
  })

  it('shows on a logarithmic axis what came after', () => {
    expect([...parentOn('logStep').x.slice(0, 2)]).toEqual([0, 10])
  })

  it('names where it began, by the id of a parent that is gone', () => {
    expect(originMoment(branch, runSummary({ id: 'p', name: 'first' }))).toMatchObject([
      { at: 0, label: 'from step 300 of first', tone: 'origin' },
    ])
    expect(originMoment(branch, null)[0]!.label).toBe('from step 300 of p')
    expect(originMoment(runSummary({ id: 'r' }), null)).toEqual([])
  })
})
