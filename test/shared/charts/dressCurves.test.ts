import { describe, expect, it } from 'vitest'
import { changeLooks, dressCurves } from '../../../src/shared/charts/dressCurves.ts'
import type { LinePanel, Series } from '../../../src/shared/panel.ts'

const named = (name: string, more: Partial<Series> = {}): Series => ({
  name,
  role: 'single',
  x: Float64Array.of(0, 1),
  y: Float64Array.of(0, 1),
  ...more,
})
const axis = { label: '', scale: 'linear' } as const
const panelOf = (...series: Series[]): LinePanel => ({
  ...{ kind: 'lines', id: '', title: '', caption: '', x: axis, y: axis },
  series,
})
const namesOf = ({ series }: LinePanel) => series.map(({ name }) => name)

describe('curves of a panel as a person wants them', () => {
  it('are left out where they are hidden, by name, whatever else it holds by then', () => {
    const panel = panelOf(named('seed 0'), named('seed 1'))
    expect(namesOf(dressCurves(panel, { 'seed 1': { hidden: true }, 'seed 7': { hidden: true } }))).toEqual(['seed 0'])
    expect(dressCurves(panel, { 'seed 7': { hidden: true } })).toBe(panel)
  })

  it('are shown where there would be nothing else', () => {
    const panel = panelOf(named('seed 0'))
    expect(namesOf(dressCurves(panel, { 'seed 0': { hidden: true } }))).toEqual(['seed 0'])
  })

  it('have a color of their own, strength, and then a name of their own in the legend; all others are as they were', () => {
    const panel = panelOf(
      ...[named('seed 0', { family: 'seeds', color: 0 }), named('seed 1', { family: 'seeds', color: 1 })],
      named('parent', { role: 'context' }),
    )
    const dressed = dressCurves(panel, { 'seed 1': { strong: true, color: 4 }, parent: { color: 2, strong: true } })
    expect(dressed.series[0]).toBe(panel.series[0])
    expect(dressed.series[1]).toEqual(named('seed 1', { role: 'mean', color: 4 }))
    expect(dressed.series[2], 'what is muted stays so').toBe(panel.series[2])
  })

  it('take the band of a group with them', () => {
    const ends = ['− std', '+ std'].map((end) =>
      named(`a ${end}`, { family: 'a, ± std', of: { group: 'a' }, color: 0 }),
    )
    const none = new Float64Array()
    const panel = {
      ...panelOf(...ends, named('b')),
      bands: [{ name: 'a − std', color: 0, x: none, low: none, high: none }],
    }
    const looks = Object.fromEntries(ends.map(({ name }) => [name, { color: 3 }]))
    expect(dressCurves(panel, looks).bands).toMatchObject([{ color: 3 }])
    expect(dressCurves(panel, looks).series.map(({ family, color }) => [family, color])).toEqual([
      ...[
        ['a, ± std', 3],
        ['a, ± std', 3],
        [undefined, undefined],
      ],
    ])
    expect(dressCurves(panel, { 'a − std': { hidden: true } }).bands).toEqual([])
  })

  it('that are as their panel has them are not named', () => {
    const looks = changeLooks({ a: { hidden: true } }, ['a', 'b'], (look) => ({ ...look, color: 1 }))
    expect(looks).toEqual({ a: { hidden: true, color: 1 }, b: { color: 1 } })
    expect(changeLooks(looks, ['a', 'b'], ({ color: _, ...rest }) => rest)).toEqual({ a: { hidden: true } })
    expect(changeLooks(looks, ['b'], () => ({ hidden: undefined }))).toEqual({ a: { hidden: true, color: 1 } })
  })
})
