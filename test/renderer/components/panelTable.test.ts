import { describe, expect, it } from 'vitest'
import { inOrder } from '../../../src/renderer/charts/inOrder.ts'
import { panelTable, tableToCsv } from '../../../src/renderer/components/panelTable.ts'
import type { LinePanel, Panel } from '../../../src/shared/panel.ts'

const axis = { label: 'step', scale: 'linear' } as const
const words = { id: 'a', title: 'A', caption: '' }
const series = (name: string, x: number[], y: number[]) => ({
  name,
  role: 'single' as const,
  x: Float64Array.from(x),
  y: Float64Array.from(y),
})
const lines = (...list: ReturnType<typeof series>[]): LinePanel => ({
  kind: 'lines',
  ...words,
  x: axis,
  y: axis,
  series: list,
})
const csv = (panel: Panel) =>
  new TextDecoder()
    .decode(tableToCsv(panelTable(panel)))
    .trimEnd()
    .split('\r\n')

describe('the table of a panel', () => {
  it('has lines side by side over all their x, empty where a line has no point', () => {
    expect(csv(lines(series('a', [0, 2], [1, 3]), series('b', [1, 2], [0.1, 0.2])))).toEqual([
      'step,a,b',
      '0,1,',
      '1,,0.1',
      '2,3,0.2',
    ])
  })

  it('keeps each line its own x where one passes the same x twice', () => {
    expect(csv(lines(series('path', [1, 0, 1], [0, 1, 2])))).toEqual(['"path, x","path, y"', '1,0', '0,1', '1,2'])
  })

  it('has all digits and quotes what would break a line', () => {
    const [head, row] = csv(lines(series('a "b", c', [0.1], [0.1 + 0.2])))
    expect(head).toBe('step,"a ""b"", c"')
    expect(Number(row!.split(',')[1])).toBe(0.1 + 0.2)
  })

  it('has a matrix by rows and columns', () => {
    const matrix = { rows: 2, columns: 2, data: Float64Array.of(1, 2, 3, NaN) }
    const panel: Panel = {
      kind: 'heatmap',
      ...words,
      x: axis,
      y: { label: 'token', scale: 'linear' },
      matrix,
      colours: 'diverging',
      range: [-1, 1],
      valueLabel: '',
    }
    expect(csv(panel)).toEqual(['token,0,1', '0,1,2', '1,3,'])
    const order = { rows: [1, 0], columns: [1, 0] }
    const table = new TextDecoder().decode(tableToCsv(panelTable(panel, order)))
    expect(table.trimEnd().split('\r\n')).toEqual(['token,1,0', '1,,3', '0,2,1'])
    expect(inOrder(panel, order)).toMatchObject({ matrix: { data: Float64Array.of(NaN, 3, 2, 1) } })
    expect(inOrder(panel, null)).toBe(panel)
  })
})
