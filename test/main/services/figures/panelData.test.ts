import { describe, expect, it } from 'vitest'
import { panelArrays, panelCsv } from '../../../../src/main/services/figures/panelData.ts'
import type { HeatmapPanel, LinePanel } from '../../../../src/shared/panel.ts'

const axis = (label: string) => ({ label, scale: 'linear' as const })
const texts = { title: 'A title', caption: '', x: axis('step'), y: axis('loss, mean') }

const lines: LinePanel = {
  kind: 'lines',
  id: 'loss',
  ...texts,
  series: [
    { name: 'seed 0, "best"', role: 'single', x: Float64Array.of(0, 1), y: Float64Array.of(1 / 3, NaN) },
    { name: 'w₁', role: 'single', x: Float64Array.of(0), y: Float64Array.of(1e-300) },
    { name: 'w₂', role: 'single', x: Float64Array.of(0), y: Float64Array.of(2) },
  ],
}

const heatmap: HeatmapPanel = {
  kind: 'heatmap',
  id: 'cosines',
  ...texts,
  matrix: { rows: 2, columns: 3, data: Float64Array.of(1, 2, 3, 4, 5, 6) },
  colours: 'diverging',
  range: [-1, 1],
  valueLabel: 'cosine',
}

describe('the data of a panel', () => {
  it('as CSV holds every point, numbers that read back as they were, names quoted where they must be', () => {
    expect(panelCsv(lines).split('\n')).toEqual([
      'series,step,"loss, mean"',
      '"seed 0, ""best""",0,0.3333333333333333',
      '"seed 0, ""best""",1,NaN',
      'w₁,0,1e-300',
      'w₂,0,2',
      '',
    ])
    expect(Number('0.3333333333333333')).toBe(1 / 3)
    expect(panelCsv(heatmap)).toBe('1,2,3\n4,5,6\n')
  })

  it('as arrays holds every series under a name of its own', () => {
    const arrays = panelArrays(lines)
    expect(Object.keys(arrays).length).toBe(6)
    const values = Object.entries(arrays).flatMap(([name, { parts }]) =>
      name.endsWith('_y') ? [...parts].flatMap((part) => [...part]) : [],
    )
    expect(values).toEqual([1 / 3, NaN, 1e-300, 2])
    expect(panelArrays(heatmap)).toEqual({ matrix: { shape: [2, 3], type: '<f8', parts: [heatmap.matrix.data] } })
  })

  it('as CSV keeps the sign of a number and takes a name from executing', () => {
    const negative = {
      ...lines,
      series: [{ ...lines.series[1]!, name: '=1+1', x: Float64Array.of(-1), y: Float64Array.of(-2) }],
    }
    expect(panelCsv(negative).split('\n')[1]).toBe("'=1+1,-1,-2")
    expect(panelCsv({ ...heatmap, matrix: { rows: 1, columns: 2, data: Float64Array.of(-1, -0.5) } })).toBe('-1,-0.5\n')
  })
})
