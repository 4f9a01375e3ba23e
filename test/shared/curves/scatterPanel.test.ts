import { describe, expect, it } from 'vitest'
import { placeWords } from '../../../src/shared/charts/axisWords.ts'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { groupingsOf, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import { differingFields } from '../../../src/shared/curves/differingFields.ts'
import { scatterPanel } from '../../../src/shared/curves/scatterPanel.ts'
import { findQuantity } from '../../../src/shared/map/mapQuantity.ts'
import { panelData } from '../../../src/shared/panelData.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { eventsOfFigure6, facetsOfFigure6, runSummary } from '../../support/runSummary.ts'

const widths = [64, 64, 128, 128, 256]
const runs = widths.map((hidden, place) =>
  runSummary({
    id: `run${place}`,
    name: `width ${hidden}, seed ${place}`,
    seed: place,
    facets: { ...facetsOfFigure6, 'network.hidden': hidden },
    events: { ...eventsOfFigure6, t_grok: 1000 + place },
    latest: { testAccuracy: place / 10 },
  } as Partial<RunSummary>),
)
const panelOf = (of: readonly RunSummary[], quantity: string, groupBy = 'none', field = 'network.hidden') => {
  const grouping = groupingsOf(of).find(({ id }) => id === groupBy)!
  return scatterPanel(groupRuns(compareRuns(of, undefined).runs, grouping), field, findQuantity(quantity), 'log')
}

describe('a scatter of runs', () => {
  it('has a point for each run, at its value of the field and its number', () => {
    const { series, caption, x } = panelOf(runs, 'testAccuracy')
    expect(series).toHaveLength(1)
    expect([...series[0]!.x]).toEqual(widths)
    expect([...series[0]!.y]).toEqual([0, 0.1, 0.2, 0.3, 0.4])
    expect(caption).toBe('')
    expect(x.column).toBe('network.hidden')
  })

  it('has its points in the order of the axis, whatever that of the runs', () => {
    const { series } = panelOf(runs.toReversed(), 'testAccuracy')
    expect([...series[0]!.x]).toEqual(widths)
    expect([...series[0]!.y]).toEqual([0.1, 0, 0.3, 0.2, 0.4])
  })

  it('tells groups apart, and each run in its table', () => {
    const panel = panelOf(runs, 'testAccuracy', 'd_h')
    expect(panel.series.map(({ x }) => [...x])).toEqual([[64, 64], [128, 128], [256]])
    expect(new Set(panel.series.map(({ color }) => color)).size).toBe(3)
    const data = panelData(panel)
    expect(data['seed']).toEqual(Float64Array.of(0, 1, 2, 3, 4))
    expect(new Set(data['run'] as readonly string[]).size).toBe(5)
  })

  it('shows where an event did not come as a bound and never as its value, and counts what has neither', () => {
    const late = runSummary({
      id: 'late',
      seed: 7,
      step: 9000,
      facets: { ...facetsOfFigure6, 'network.hidden': 512 },
      events: {},
    })
    const diverged = runSummary({ id: 'off', seed: 8, status: 'failed', code: 'DIVERGED', events: {} })
    const running = runSummary({ id: 'on', seed: 9, status: 'running', events: {} })
    const panel = panelOf([...runs, late, diverged, running], 't_grok')
    const [values, bounds] = panel.series
    expect(panel.series).toHaveLength(2)
    expect([...values!.x, ...bounds!.x]).toEqual([...widths, 512])
    expect([bounds!.role, [...bounds!.y]]).toEqual(['start', [9000]])
    expect(panel.caption).toMatch(/^2 runs are not shown/)
    expect(panelData(panel)['state']).toEqual([...Array<string>(5).fill('at'), 'later than'])
  })

  it('says choices in words, and has in its table what was chosen', () => {
    const kinds = ['training', 'gradientFlow', 'zeroLossFlow', 'gradientFlow']
    const chosen = kinds.map((kind, place) =>
      runSummary({
        id: `run${place}`,
        seed: place,
        facets: { ...facetsOfFigure6, 'dynamics.kind': kind } as Facets,
        latest: { testAccuracy: 0.5 },
      }),
    )
    const panel = panelOf(chosen, 'testAccuracy', 'dynamics', 'dynamics.kind')
    expect(panel.series.map(({ x, name }) => [placeWords(panel.x, x[0]!), name])).toEqual([
      ['training', 'training'],
      ['gradient flow', 'gradient flow'],
      ['flow on Z', 'flow on Z'],
    ])
    expect(panelData(panel)['group']).toEqual(['training', 'gradientFlow', 'gradientFlow', 'zeroLossFlow'])
    expect(panelData(panel)['dynamics.kind']).toEqual(['training', 'gradientFlow', 'gradientFlow', 'zeroLossFlow'])
  })

  it('names what differs, and nothing where nothing does', () => {
    expect(differingFields(runs)).toEqual(['network.hidden'])
    expect(differingFields([runs[0]!, runs[1]!])).toEqual([])
  })
})
