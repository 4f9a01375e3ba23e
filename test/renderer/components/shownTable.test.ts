import { describe, expect, it } from 'vitest'
import { shownTable, tableTsv } from '../../../src/renderer/components/shownTable.ts'
import type { HeatmapPanel, LinePanel } from '../../../src/shared/panel.ts'

const steps = Float64Array.of(0, 10, 20)
const row = (values: number[], of: Record<string, string | number>) => ({
  name: String(of['seed']),
  role: 'single' as const,
  of,
  with: { step: steps, tau: steps.map((step) => step / 1000) },
  x: steps,
  y: Float64Array.from(values),
})
const lines: LinePanel = {
  kind: 'lines',
  id: 'accuracy',
  title: 'Accuracy',
  caption: '',
  x: { label: 'step', scale: 'linear' },
  y: { label: 'share of pairs', column: 'accuracy', scale: 'linear' },
  series: [
    row([0.1, 0.2, 0.3], { pairs: 'test', seed: 0, statistic: '', runs: 1 }),
    row([0.4, NaN, 0.6], { pairs: 'test', seed: 1, statistic: '', runs: 1 }),
  ],
}

describe('the data of a chart, as a table', () => {
  it('have the value right after the axis, and leave out what says nothing', () => {
    const { columns, same, empty } = shownTable(lines, null)
    expect(Object.keys(columns)).toEqual(['seed', 'step', 'accuracy', 'tau'])
    expect(same).toEqual({ pairs: 'test', runs: 1 })
    expect(empty).toEqual(['statistic'])
  })

  it('keep what is plotted, also where every point has the same', () => {
    const flat = { ...lines, series: [{ ...lines.series[0]!, y: new Float64Array(3) }] }
    expect(Object.keys(shownTable(flat, null).columns)).toEqual(['step', 'accuracy', 'tau'])
    const none = { ...lines, series: [] }
    expect(shownTable(none, 3)).toMatchObject({ same: {}, row: 0 })
  })

  it('open at the row of the cursor, in the first series that comes so far', () => {
    const short = { ...row([1, 2], { seed: 7 }), x: Float64Array.of(0, 5), with: {} }
    const panel = { ...lines, series: [short, ...lines.series] }
    expect([null, 0, 4, 5, 6, 10, 19, 20, 99].map((at) => shownTable(panel, at).row)).toEqual([
      0, 0, 0, 1, 2, 3, 3, 4, 0,
    ])
  })

  it('of a matrix have the entry after its row and its column', () => {
    const matrix: HeatmapPanel = {
      kind: 'heatmap',
      id: 'E',
      title: 'E',
      caption: '',
      x: { label: 'unit', scale: 'linear' },
      y: { label: 'token', scale: 'linear' },
      matrix: { rows: 1, columns: 2, data: Float64Array.of(1, 2) },
      rowLabels: { token: Int32Array.of(4) },
      columnLabels: { unit: Int32Array.of(0, 1) },
      value: 'value',
      with: { power: Float64Array.of(1, 4) },
      colors: 'diverging',
      range: [-2, 2],
      valueLabel: '',
    }
    expect(Object.keys(shownTable(matrix, null).columns)).toEqual(['unit', 'value', 'power'])
  })

  it('go to the clipboard with every digit, in columns that a spreadsheet has', () => {
    expect(tableTsv(shownTable(lines, null).columns).split('\n')).toEqual([
      'seed\tstep\taccuracy\ttau',
      '0\t0\t0.1\t0',
      '0\t10\t0.2\t0.01',
      '0\t20\t0.3\t0.02',
      '1\t0\t0.4\t0',
      '1\t10\t\t0.01',
      '1\t20\t0.6\t0.02',
      '',
    ])
  })
})
