import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { CurveBuffer } from '../../../src/shared/curves/curveBuffer.ts'
import { measurementPanel, splitPanel, type RunGroup } from '../../../src/shared/curves/curvePanels.ts'
import { curvesByRun } from '../../../src/shared/curves/curvesByRun.ts'
import { groupPanel } from '../../../src/shared/curves/groupPanel.ts'
import { groupingsOf, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import { normsPanel } from '../../../src/shared/curves/normsPanel.ts'
import { drawFigure } from '../../../src/shared/figures/drawFigure.ts'
import { createSheet } from '../../../src/shared/figures/sheet.ts'
import type { LinePanel } from '../../../src/shared/panel.ts'
import { panelCsv } from '../../../src/shared/panelCsv.ts'
import type { RunStatus } from '../../../src/shared/run.ts'
import { lineOption } from '../../../src/renderer/charts/lineOption.ts'
import { finishLines, prepareLines } from '../../../src/shared/charts/lineLayout.ts'
import { readCsv } from '../../support/readCsv.ts'
import { textsOf } from '../../support/textsOf.ts'
import { runSummary } from '../../support/runSummary.ts'

/** One that was extended, two as they were asked for, one that diverged; value and step are those of the seed. */
const ends = [80, 40, 40, 20]
const runs = ends.map((end, seed) =>
  runSummary({
    id: `run${seed}`,
    name: `a, seed ${seed}`,
    seed,
    step: end,
    status: end === 20 ? 'failed' : 'finished',
  }),
)
const valueAt = (seed: number, step: number) => 1 + seed + step / 10
const curveOf = (seed: number, end = ends[seed]!) => {
  const step = Float64Array.from({ length: end / 10 + 1 }, (_, k) => 10 * k)
  // The one that ends first takes the longest.
  return { step, tau: step, seconds: step.map((at) => at * (1 + seed)), value: step.map((at) => valueAt(seed, at)) }
}
const meanAt = (step: number) => {
  const values = ends.flatMap((end, seed) => (end >= step ? valueAt(seed, step) : []))
  return { runs: values.length, mean: values.reduce((sum, value) => sum + value, 0) / values.length }
}
const steps = [0, 10, 20, 30, 40]

function grouped(more: { seeds?: number[]; waiting?: boolean; axis?: 'computeTime' } = {}): LinePanel {
  const queued = runSummary({ id: 'run4', name: 'a, seed 4', seed: 4, step: 0, status: 'queued' })
  const all = more.waiting ? [...runs, queued] : runs.filter((_, seed) => more.seeds?.includes(seed) ?? true)
  const curves = curvesByRun(
    all.map(({ id: runId, seed }) => ({ runId, curves: seed < 4 ? { testMse: curveOf(seed) } : {} })) as never,
  )
  const groups = groupRuns(compareRuns(all, undefined).runs, groupingsOf(all).at(-1)!)
  const look = { axis: more.axis ?? 'step', vertical: 'linear', spread: 'deviation', traces: false } as const
  return groupPanel(groups, curves, 'testMse', look).panel
}

function seeds(status: RunStatus = 'finished'): RunGroup {
  const names = ['testMse', 'testAccuracy', 'trainAccuracy', 'firstLayerNormSquared', 'secondLayerNormSquared'] as const
  const buffers = runs.map(({ id, seed }) => {
    const curves = Object.fromEntries(names.map((name) => [name, curveOf(seed)]))
    return [id, new CurveBuffer(names, curves)] as const
  })
  const all = runs.map((run, seed) => (seed === 3 ? { ...run, status } : run))
  return { runs: all, curves: new Map(buffers), axis: 'logStep', shown: 'mean', end: null }
}

const meansIn = (panel: LinePanel) =>
  readCsv(panelCsv(panel))
    .filter(({ statistic }) => statistic === 'mean')
    .map(({ step, runs, testMse }) => ({ step, runs, mean: testMse }))

describe('a group of runs of different lengths', () => {
  it('has in its table, at every step, the mean of those that reached it and how many these are', () => {
    expect(meansIn(grouped())).toEqual(steps.map((step) => ({ step, ...meanAt(step) })))
    const bounds = readCsv(panelCsv(grouped())).filter(({ statistic }) => statistic === 'mean + std')
    expect(bounds.map(({ runs }) => runs)).toEqual(steps.map((step) => meanAt(step).runs))
    expect([...grouped().bands![0]!.x]).toEqual(steps)
  })

  it('is strong as far as all have come, and dotted beyond, on screen and in print', () => {
    const panel = grouped()
    const centers = panel.series.filter(({ name }) => name.includes(', N '))
    expect(centers.map(({ name, role, dash, x }) => [name, role, dash, [...x]])).toEqual([
      ['all runs, N = 4', 'mean', undefined, [0, 10, 20]],
      ['all runs, N < 4', 'theory', 'dotted', [30, 40]],
    ])
    expect(panel.caption).toContain('over 3 common steps; dotted where not all have come so far')
    const margins = { left: 40, right: 20, top: 10, bottom: 30 }
    const layout = finishLines(prepareLines(panel, { size: { width: 400, height: 300 }, margins }), margins)
    const inks = { palette: ['#000'], mean: '#111', mute: '#222', surface: '#fff' }
    const dashes = lineOption(layout, inks).series.map(({ lineStyle }) => lineStyle.type)
    expect(dashes.filter((type) => Array.isArray(type))).toEqual([[1.5, 2.5]])
    for (const sheet of [createSheet(1), { ...createSheet(1), dashBy: 'p' }]) {
      const { markup } = drawFigure(sheet, [panel])
      expect(markup).toMatch(/<path [^>]*stroke-dasharray="1 1.5"/)
      expect(textsOf(markup).map(({ words }) => words.replace(/^.*, /, ''))).toContain('N < 4')
    }
  })

  it('is as before where all have come equally far', () => {
    const panel = grouped({ seeds: [1, 2] })
    expect(panel.series.map(({ name }) => name)).toEqual([
      'all runs, mean − std',
      'all runs, mean + std',
      'all runs, N = 2',
    ])
    expect(panel.caption).not.toContain('dotted')
  })

  it('does not wait for what has not begun', () => {
    expect(meansIn(grouped({ waiting: true }))).toEqual(meansIn(grouped()))
    expect(grouped({ waiting: true }).series.map(({ name }) => name)).not.toContain('all runs, N = 5')
  })
})

describe('the seeds of an experiment that ended at different steps', () => {
  it('have the same mean as their group, in one chart and its table', () => {
    const panel = measurementPanel(seeds(), 'testMse', { caption: '' })
    expect(panel.series.map(({ name, dash }) => [name, dash])).toEqual([
      ['mean of 4', undefined],
      ['mean of fewer than 4', 'dotted'],
    ])
    expect(meansIn(panel)).toEqual(meansIn(grouped()))
  })

  it('go on dotted in every chart that draws a mean', () => {
    for (const panel of [splitPanel(seeds(), 'accuracy', { caption: '' }), normsPanel(seeds(), '')]) {
      const strong = panel.series.filter(({ dash }) => dash === undefined)
      const rest = panel.series.filter(({ dash }) => dash === 'dotted')
      expect(rest).toHaveLength(strong.length)
      for (const { x, with: more } of rest) {
        expect([...x]).toEqual([30, 40])
        expect([...(more!['runs'] as Int32Array)]).toEqual([3, 3])
      }
    }
  })

  it('go on to the right also on the axis of seconds', () => {
    for (const panel of [
      measurementPanel({ ...seeds(), axis: 'computeTime' }, 'testMse', { caption: '' }),
      grouped({ axis: 'computeTime' }),
    ]) {
      const [whole, rest] = panel.series.filter(({ of }) => of?.statistic === 'mean')
      const x = [...whole!.x, ...rest!.x]
      expect(x).toHaveLength(5)
      expect(x).toEqual(x.toSorted((a, b) => a - b))
    }
  })

  it('have a mean that waits for one that still runs', () => {
    const panel = measurementPanel(seeds('running'), 'testMse', { caption: '' })
    expect(panel.series.map(({ name }) => name)).toEqual(['mean of 4'])
    expect([...panel.series[0]!.x]).toEqual([0, 10, 20])
  })
})
