import { describe, expect, it } from 'vitest'
import type { LinePanel, Series } from '../../src/shared/panel.ts'
import { panelCsv } from '../../src/shared/panelCsv.ts'

function lines(...series: Partial<Series>[]): LinePanel {
  const empty = { name: '', role: 'single' as const, x: new Float64Array(), y: new Float64Array() }
  return {
    kind: 'lines',
    id: 'loss',
    title: 'A title',
    caption: '',
    x: { label: 'step, log', column: 'step', scale: 'log' },
    y: { label: 'loss', scale: 'log' },
    series: series.map((each) => ({ ...empty, ...each })),
  }
}
const csv = (panel: LinePanel) => panelCsv(panel).trimEnd().split('\n')

describe('a panel as CSV', () => {
  it('has a row for each point: what tells the series apart, what else is known, then the values', () => {
    const [x, y] = [Float64Array.of(0, 10), Float64Array.of(0.1 + 0.2, NaN)]
    const seeds = [0, 1].map((seed) => ({ of: { seed }, with: { tau: x.map((step) => step / 1000) }, x, y }))
    expect(csv(lines(...seeds))).toEqual([
      'seed,tau,step,loss',
      '0,0,0,0.30000000000000004',
      '0,0.01,10,',
      '1,0,0,0.30000000000000004',
      '1,0.01,10,',
    ])
  })

  it('tells series apart by their names where they have nothing else', () => {
    const point = { x: Float64Array.of(1), y: Float64Array.of(2) }
    expect(csv(lines({ name: '=a, "b"', ...point }, { name: 'w₁', ...point }))).toEqual([
      'series,step,loss',
      `"'=a, ""b""",1,2`,
      'w₁,1,2',
    ])
    expect(csv(lines({ name: 'alone', ...point }))).toEqual(['step,loss', '1,2'])
  })

  it('leaves cells empty that a series has nothing for, and has both ends of intervals', () => {
    const bins = { x: Float64Array.of(0, 1), until: Float64Array.of(1, 2), y: Float64Array.of(5, 6) }
    const point = { x: Float64Array.of(3), y: Float64Array.of(7) }
    expect(csv(lines({ of: { kind: 'bins' }, ...bins }, { of: { seed: 4 }, ...point }))).toEqual([
      'kind,seed,step,stepEnd,loss',
      'bins,,0,1,5',
      'bins,,1,2,6',
      ',4,3,,7',
    ])
  })

  it('holds places as they are, wherever they are drawn', () => {
    const points = { of: { part: 'Re' }, x: Float64Array.of(1), y: Float64Array.of(2), beside: 0.15 }
    expect(csv(lines(points))).toEqual(['part,step,loss', 'Re,1,2'])
  })
})
