import { describe, expect, it } from 'vitest'
import { compareMaps } from '../../../../src/main/lab/maps/compareMaps.ts'
import type { LinePanel, MapPanel } from '../../../../src/shared/panel.ts'
import { panelData } from '../../../../src/shared/panelData.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import type { Facets } from '../../../../src/shared/specification/facets.ts'
import { runSummary } from '../../../support/runSummary.ts'

const [wd, fraction] = ['dynamics.weightDecay', 'task.trainFraction']
const plane = { fields: [fraction, wd], map: { x: wd, y: fraction } }
const horizon = 20_000

/** Generalizes at `slower`·1000/wd where that is in time, and memorizes at step 100. */
function sweep(slower: number, { seeds = [0, 1, 2], optimizer = 'adamw' } = {}): RunSummary[] {
  return [0.6, 0.8].flatMap((share) =>
    [0.1, 1, 10].flatMap((decay) =>
      seeds.map((seed) => {
        const step = (slower * 1000) / decay
        return runSummary({
          id: `${slower} ${share} ${decay} ${seed}`,
          seed,
          facets: { [fraction]: share, [wd]: decay, 'dynamics.optimizer': optimizer } as Facets,
          step: horizon,
          steps: horizon,
          tau: 60,
          events: {
            memorized: { step: 100, tau: 0.3, value: 1 },
            ...(step <= horizon ? { generalized: { step, tau: step, value: 1 } } : {}),
          },
        })
      }),
    ),
  )
}

const named = (name: string, runs: readonly RunSummary[]) => ({ name, runs })

/** Of two sweeps over a plane. */
function compared(...given: Parameters<typeof compareMaps>) {
  const { panels, ...rest } = compareMaps(...given)
  return { panels: panels as MapPanel[], ...rest }
}

describe('two sweeps over one plane', () => {
  it('differ in every cell as their runs do, with the same colors for both', () => {
    const { panels, paired, unpaired, settings } = compared(plane, [
      named('slow', sweep(1)),
      named('slower', sweep(2, { optimizer: 'sgd' }).toReversed()),
    ])
    expect(panels.map(({ title }) => title)).toEqual(['sweep = slow', 'sweep = slower', 'slower against slow'])
    expect(panels[0]!.range).toEqual(panels[1]!.range)
    expect([...panels[2]!.cells.value]).toEqual([1, 1, 1, 1, 1, 1])
    expect(paired).toMatchObject({ pairs: 18, equal: 0, median: 2, low: 2, high: 2 })
    expect(unpaired).toEqual([0, 0])
    expect(settings).toEqual([{ field: 'dynamics.optimizer', first: 'adamw', second: 'sgd' }])
  })

  it('change no phase in cells in which one of both has no majority', () => {
    const second = sweep(20).map((run) => (run.seed === 0 ? { ...run, events: {} } : run))
    const split = second.map((run, place) =>
      run.seed === 1 && place < 3 ? { ...run, events: sweep(1)[8]!.events } : run,
    )
    const { panels, phases } = compared(plane, [named('slow', sweep(1)), named('split', split)], { color: 'phase' })
    expect(phases).toMatchObject({ cells: 5, undecided: 1 })
    expect(panels.at(-1)!.cells.state).toEqual(['undecided', ...Array<string>(5).fill('value')])
    expect(panelData(panels.at(-1)!)['second_phase']![0]).toBe('no majority')
  })

  it('are refused where one varies in a field that is no axis of both, and no run has one counterpart', () => {
    const two = [...sweep(1), ...sweep(2, { optimizer: 'sgd' })]
    const says = /^both varies in dynamics\.optimizer beside task\.trainFraction, dynamics\.weightDecay, so that a run/
    expect(() => compared(plane, [named('a', sweep(1)), named('both', two)])).toThrow(says)
    expect(() => compared(plane, [named('both', two), named('a', sweep(1))])).toThrow(says)
  })

  it('have in the table of their difference what both are in each cell', () => {
    const [, , difference] = compared(plane, [named('a', sweep(1)), named('b', sweep(4))]).panels
    expect(difference!.with).toMatchObject({
      first: Float64Array.of(10_000, 1000, 100, 10_000, 1000, 100),
      second_state: ['censored', 'value', 'value', 'censored', 'value', 'value'],
      first_phase: ['grokking', 'comprehension', 'comprehension', 'grokking', 'comprehension', 'comprehension'],
    })
    expect(difference!.cells.state).toEqual(['censored', 'value', 'value', 'censored', 'value', 'value'])
  })

  it('are the same where one is half computed: both are read over the runs that have ended in both', () => {
    const half = sweep(1).map((run) =>
      run.seed === 0 ? run : { ...run, status: 'interrupted' as const, events: {}, step: 10 },
    )
    const varied = sweep(1).map((run) =>
      run.seed === 0 ? run : { ...run, events: { generalized: { step: 7, tau: 7, value: 1 } } },
    )
    const { panels, paired, unpaired, phases } = compared(plane, [named('a', varied), named('b', half)])
    const columns = panels[2]!.with!
    expect(columns['first']).toEqual(columns['second'])
    expect(columns['first_phase']).toEqual(columns['second_phase'])
    expect(paired).toMatchObject({ pairs: 6, equal: 6, median: 1 })
    expect(unpaired).toEqual([12, 0])
    expect(phases).toEqual({ cells: 6, undecided: 0, changed: [] })
  })

  it('tell cells that diverged from those in a phase', () => {
    const diverges = sweep(1).map((run) =>
      run.id.includes(' 0.6 10 ') ? { ...run, status: 'failed' as const, code: 'DIVERGED' as const, events: {} } : run,
    )
    const { phases } = compared(plane, [named('a', sweep(1)), named('b', diverges)], { color: 'phase' })
    expect(phases).toEqual({
      cells: 6,
      undecided: 0,
      changed: [{ at: { [wd]: 10, [fraction]: 0.6 }, first: 'comprehension', second: 'diverged' }],
    })
  })

  it('name the cells whose phase is another, and draw them', () => {
    const { phases, panels, paired } = compared(plane, [named('a', sweep(1)), named('b', sweep(4))], {
      color: 'phase',
    })
    expect(phases.cells).toBe(6)
    expect(phases.changed).toEqual(
      [0.6, 0.8].flatMap((share) => [
        { at: { [wd]: 0.1, [fraction]: share }, first: 'grokking', second: 'memorization' },
        { at: { [wd]: 1, [fraction]: share }, first: 'comprehension', second: 'grokking' },
      ]),
    )
    expect([...panels[2]!.cells.value]).toEqual([1, 1, 0, 1, 1, 0])
    expect(paired.came).toEqual({ both: 12, first: 6, second: 0, neither: 0 })
  })

  it('are compared over the seeds that both have', () => {
    const { paired, unpaired, panels } = compared(plane, [
      named('a', sweep(1, { seeds: [0, 1, 2] })),
      named('b', sweep(1, { seeds: [1, 2, 3, 4] })),
    ])
    expect(paired).toMatchObject({ pairs: 12, equal: 12, median: 1 })
    expect(unpaired).toEqual([6, 12])
    expect(new Set(panels[2]!.cells.value)).toEqual(new Set([0]))
  })

  it('are refused where they have nothing in common, or more than a plane', () => {
    const pair = (second: RunSummary[]) => [named('a', sweep(1)), named('b', second)] as const
    expect(() => compareMaps(plane, pair(sweep(1, { seeds: [9] })))).toThrow('no run of b has the values and the seed')
    expect(() => compareMaps(plane, pair(sweep(1)), { statistic: 'share' })).toThrow('--of share')
    const deep = { fields: [...plane.fields, 'dynamics.optimizer'], map: plane.map }
    const both = [...sweep(1), ...sweep(2, { optimizer: 'sgd' })]
    expect(() => compareMaps(deep, [named('a', sweep(1)), named('b', both)])).toThrow(
      'b varies in dynamics.optimizer too',
    )
    const at = [{ field: 'dynamics.optimizer', value: 'sgd' }]
    expect(() => compareMaps(deep, [named('a', both), named('b', both)], { at })).not.toThrow()
  })
})

describe('two sweeps along one axis', () => {
  const along = { fields: [wd] }
  const runs = (slower: number, optimizer: string) =>
    sweep(slower, { optimizer }).filter(({ facets }) => (facets as Record<string, unknown>)[fraction] === 0.8)

  it('differ at every value as their runs do, drawn as lines and with a line for each value in the table', () => {
    const { panels, paired, phases, settings, values } = compareMaps(along, [
      named('slow', runs(1, 'adamw').toReversed()),
      named('slower', runs(4, 'sgd')),
    ])
    expect(paired).toMatchObject({ pairs: 9, median: 4, came: { both: 6, first: 3, second: 0, neither: 0 } })
    expect(settings).toEqual([{ field: 'dynamics.optimizer', first: 'adamw', second: 'sgd' }])
    expect(phases).toMatchObject({ cells: 3, changed: [{ at: { [wd]: 0.1 } }, { at: { [wd]: 1 } }] })
    expect(values).toMatchObject([
      { at: 0.1, first: { value: 10_000 }, second: { state: 'censored' }, phases: ['grokking', 'memorization'] },
      { at: 1, first: { value: 1000 }, second: { value: 4000 }, effect: { value: 2 } },
      { at: 10, phases: ['comprehension', 'comprehension'] },
    ])
    const [both, difference] = panels as LinePanel[]
    expect(both!.series.map(({ name, y }) => [name, ...y])).toEqual([
      ['slow', 10_000, 1000, 100],
      ['slow, runs', ...[10_000, 1000, 100].flatMap((step) => [step, step, step])],
      ['slower', NaN, 4000, 400],
      ['slower, runs', ...[4000, 400].flatMap((step) => [step, step, step])],
    ])
    expect(panelData(difference!)).toMatchObject({
      first: Float64Array.of(10_000, 1000, 100),
      second_state: ['censored', 'value', 'value'],
      second_phase: ['memorization', 'grokking', 'comprehension'],
      [wd]: Float64Array.of(0.1, 1, 10),
      t_grok_log2_ratio: Float64Array.of(NaN, 2, 2),
    })
  })

  it('have names in the table where the axis has names, and of phases show when runs generalized', () => {
    const field = 'dynamics.optimizer'
    const atOne = ({ facets }: RunSummary) => (facets as Record<string, unknown>)[wd] === 1
    const bothAt = (name: string, slower: number) =>
      named(name, [...runs(slower, 'sgd'), ...runs(slower, 'adamw')].filter(atOne))
    const options = { color: 'phase' }
    const { panels } = compareMaps({ fields: [field] }, [bothAt('a', 1), bothAt('b', 2)], options)
    expect(panelData(panels.at(-1)!)).toMatchObject({
      [field]: ['sgd', 'adamw'],
      first: Float64Array.of(1000, 1000),
      second: Float64Array.of(2000, 2000),
    })
  })

  it('are refused over another axis than there is', () => {
    const pair = [named('a', runs(1, 'sgd')), named('b', runs(2, 'sgd'))] as const
    expect(() => compareMaps(along, pair, { x: fraction })).toThrow(`--x: "${fraction}" is no axis here; one of ${wd}`)
    expect(() => compareMaps(along, pair, { y: wd })).toThrow(/a map has two axes; these runs differ in .* alone$/)
  })
})
