import { describe, expect, it } from 'vitest'
import { layOutMap } from '../../../src/shared/charts/mapLayout.ts'
import { ticksOfAxis } from '../../../src/shared/charts/ticks.ts'
import { fieldAtValue, mapAxis } from '../../../src/shared/map/mapAxis.ts'
import { findQuantity, quantityNames } from '../../../src/shared/map/mapQuantity.ts'
import { mapPanel, mapRuns, quantityLayer } from '../../../src/shared/map/mapPanel.ts'
import { panelData } from '../../../src/shared/panelData.ts'
import { panelCsv } from '../../../src/shared/panelCsv.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { runSummary } from '../../support/runSummary.ts'

const [wd, eta] = ['dynamics.weightDecay', 'dynamics.learningRate']

function run(at: Record<string, number | string>, step: number | null, given: Partial<RunSummary> = {}): RunSummary {
  const moment = step === null ? {} : { generalized: { step, tau: step / 1000, value: 1 } }
  return runSummary({
    facets: at as Facets,
    step: 5000,
    tau: 5,
    events: { memorized: { step: 100, tau: 0.1, value: 1 }, ...moment },
    ...given,
  })
}

const runs = [
  run({ [wd]: 1, [eta]: 0.1 }, 1000),
  run({ [wd]: 1, [eta]: 0.1 }, 3000),
  run({ [wd]: 1, [eta]: 0.1 }, null),
  run({ [wd]: 10, [eta]: 0.1 }, null),
  run({ [wd]: 10, [eta]: 0.1 }, 200),
  run({ [wd]: 10, [eta]: 0.1 }, null),
  run({ [wd]: 1, [eta]: 0.2 }, null, { status: 'queued', step: 0 }),
  run({ [wd]: 10, [eta]: 0.2 }, null, { status: 'failed', code: 'DIVERGED', step: 30 }),
]
const map = mapRuns(runs, { x: wd, y: eta })
const panel = mapPanel(map, quantityLayer(map, 't_grok', 'median'))

describe('a map of runs', () => {
  it('has a cell for each place, with the median over seeds and what is known of it', () => {
    expect(panel.cells.state).toEqual(['value', 'censored', 'missing', 'failed'])
    expect([...panel.cells.value]).toEqual([3000, NaN, NaN, NaN])
    expect(panelCsv(panel).trim().split('\n')).toEqual([
      'dynamics.weightDecay,dynamics.learningRate,runs,ended,failed,came,above,state,t_grok',
      '1,0.1,3,3,0,2,,value,3000',
      '10,0.1,3,3,0,1,5000,censored,',
      '1,0.2,1,0,0,0,,missing,',
      '10,0.2,1,1,1,0,,failed,',
    ])
    expect(panel.beyond).toBe('> 5\u2009000')
  })

  it('has no spread where a single run came, and calls it no failure, though that diverged later', () => {
    const diverged = { status: 'failed', code: 'DIVERGED', step: 1500 } as const
    const own = mapRuns([run({ [wd]: 1, [eta]: 0.1 }, 1000, diverged)], { x: wd, y: eta })
    expect(quantityLayer(own, 't_grok', 'median').cells).toEqual([{ state: 'value', value: 1000, above: NaN }])
    expect(quantityLayer(own, 't_grok', 'spread').cells).toEqual([{ state: 'missing', value: NaN, above: NaN }])
    expect(quantityLayer(own, 'testAccuracy', 'spread').cells).toEqual([{ state: 'failed', value: NaN, above: NaN }])
  })

  it('says choices in words, and has in its table what was chosen', () => {
    const [dynamics, sampling] = ['dynamics.kind', 'dynamics.batch.sampling']
    const chosen = ['withoutReplacement', 'withReplacement'].map((each) =>
      run({ [dynamics]: 'gradientFlow', [sampling]: each }, 1000),
    )
    const own = mapRuns(chosen, { x: dynamics, y: sampling })
    const { x, y, ...rest } = mapPanel(own, quantityLayer(own, 't_grok', 'median'))
    expect([x, y].map((axis) => axis.ticks!.map(({ label }) => label))).toEqual([
      ['gradient flow'],
      ['epochs', 'with replacement'],
    ])
    expect(fieldAtValue({ field: 'dynamics.weightDecay', value: 0.353553390593 })).toMatch(/ = 0\.353553$/)
    expect(fieldAtValue({ field: dynamics, value: 'gradientFlow' })).toBe('dynamics = gradient flow')
    const data = panelData({ ...rest, x, y })
    expect([data[dynamics], data[sampling]]).toEqual([
      ['gradientFlow', 'gradientFlow'],
      ['withoutReplacement', 'withReplacement'],
    ])
  })

  it('names no values along an axis on which all cells stand at one', () => {
    const row = mapRuns(runs.slice(0, 6), { x: wd, y: eta })
    const { x, y } = mapPanel(row, quantityLayer(row, 't_grok', 'median'))
    expect([x.ticks, y.ticks]).toEqual([undefined, [{ at: 0.1, label: '0.1' }]])
    expect(panel.y.ticks).toBeUndefined()
  })

  it('has its ticks at the values that cells stand at where these are few, else at round numbers', () => {
    const ofColumns = (count: number) => {
      const own = Array.from({ length: count }, (_, place) =>
        run({ [wd]: 1 + 3 * place, [eta]: 0.1 * (place % 2) }, 1000),
      )
      const map = mapRuns(own, { x: wd, y: eta })
      return mapPanel(map, quantityLayer(map, 't_grok', 'median'))
    }
    const labels = (columns: number) => {
      const map = ofColumns(columns)
      const { x } = layOutMap(map, { width: 600, height: 400 }, { left: 40, right: 40, top: 10, bottom: 30 })
      return ticksOfAxis(x, map.x, 60).major.map(({ label }) => label)
    }
    expect(labels(4)).toEqual(['1', '4', '7', '10'])
    expect(labels(8).at(-1)).toBe('22')
    expect(labels(9)).toEqual(['0', '5', '10', '15', '20', '25'])
    expect(ofColumns(4).y.chosen).toEqual([0, 0.1])
    // Cells are as wide as those of more values, and the table has these as numbers.
    expect(panelData(ofColumns(4))[wd]).toEqual(Float64Array.of(1, 4, 7, 10))
  })

  it('tells the cells of which some runs have ended and others have not', () => {
    const more = [...runs, run({ [wd]: 10, [eta]: 0.1 }, null, { status: 'running' })]
    const own = mapRuns(more, { x: wd, y: eta })
    expect(mapPanel(own, quantityLayer(own, 't_grok', 'median')).cells.isPartial).toEqual([false, true, false, false])
  })

  it('reads any number of runs under the names of lists and of filters', () => {
    expect(findQuantity('generalizedStep')).toMatchObject({ id: 't_grok', isTime: true })
    expect(findQuantity('t_generalize').id).toBe('t_grok')
    expect(findQuantity('testAccuracy')).toMatchObject({ isTime: false, range: [0, 1] })
    expect(quantityNames).toEqual(expect.arrayContaining(['t_grok', 'tau_grok', 'delay', 'time']))
    for (const name of quantityNames) expect(findQuantity(name).id).toBe(name)
    for (const name of ['foo', '', 'name', 'status', wd]) {
      expect(() => findQuantity(name)).toThrow(/no number of a run is called .*t_memorize/)
    }
  })

  it('knows beyond what a delay lies that did not end, and nothing of one that did not begin', () => {
    const delay = findQuantity('delay')
    expect(delay.read(runs[0]!)).toEqual({ value: 900, isBeyond: false })
    expect(delay.read(runs[3]!)).toEqual({ value: 4900, isBeyond: true })
    expect(delay.read(run({}, null, { events: {} }))).toBeNull()
  })

  it('reads nothing of runs that have not ended, or failed by no fault of theirs', () => {
    const { read } = findQuantity('t_grok')
    for (const status of ['queued', 'running', 'paused', 'cancelled', 'interrupted'] as const) {
      expect(read(run({}, 300, { status }))).toBeNull()
    }
    expect(read(run({}, null, { status: 'failed', code: 'OUT_OF_MEMORY' }))).toBeNull()
    expect(read(run({}, null, { status: 'failed', code: 'DIVERGED' }))).toEqual({ value: Infinity, isBeyond: true })
  })

  it('has crosses where all diverged, whatever is read, and no measurement of what did', () => {
    const accuracy = quantityLayer(map, 'testAccuracy', 'median').cells
    expect(accuracy.map(({ state }) => state)).toEqual(['value', 'value', 'missing', 'failed'])
    const delays = quantityLayer(map, 'delay', 'median').cells
    expect(delays.map(({ state }) => state)).toEqual(['value', 'censored', 'missing', 'failed'])
  })

  it('has a share of events alone', () => {
    const share = quantityLayer(map, 't_grok', 'share').cells
    expect(share[0]!.value).toBeCloseTo(2 / 3, 12)
    expect(share[1]!.value).toBeCloseTo(1 / 3, 12)
    expect(quantityLayer(map, 't_grok', 'share').caption).toBe('of the runs that have ended')
    // A delay begins with an event of its own.
    expect(quantityLayer(map, 'delay', 'share').caption).toBe('of the runs that have ended, and memorized before')
    expect(() => quantityLayer(map, 'testAccuracy', 'share')).toThrow(/testAccuracy has a value in every run/)
  })
})

describe('an axis of a map', () => {
  const axis = (values: (number | string)[], field = wd) =>
    mapAxis(
      field,
      values.map((value) => run({ [field]: value }, null)),
    ).axis

  it('is logarithmic where ratios are more alike than differences', () => {
    expect(axis([0.1, 1, 10]).scale).toBe('log')
    expect(axis([0.1, 0.3, 1, 3]).scale).toBe('log')
    expect(axis([0.5, 0.6, 0.7, 0.8]).scale).toBe('linear')
    expect(axis([0, 0.1, 1, 10]).scale).toBe('linear')
    expect(axis([1, 2]).scale).toBe('linear')
    expect(axis([1, 20]).scale).toBe('log')
    expect(axis([3]).scale).toBe('linear')
  })

  it('has names side by side where values are words, numbers before', () => {
    const { ticks } = axis(['p^-1/2', 0.5, 'p^-1/4', 0.1], 'initialization.standardDeviation')
    expect(ticks).toEqual([
      { at: 0, label: '0.1' },
      { at: 1, label: '0.5' },
      { at: 2, label: 'sd 1/√p', value: 'p^-1/2' },
      { at: 3, label: 'variance 1/√p', value: 'p^-1/4' },
    ])
  })

  it('is called as the field is, also one within a list', () => {
    expect(axis([1, 2])).toMatchObject({ label: 'weight decay', symbol: 'wd', column: wd })
    expect(axis([7, 8], 'interventions.0.norm')).toMatchObject({ label: 'norm', column: 'interventions.0.norm' })
  })
})
