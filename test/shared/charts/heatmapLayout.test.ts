import { describe, expect, it } from 'vitest'
import { heatmapTicks, layOutHeatmap } from '../../../src/shared/charts/heatmapLayout.ts'

const margins = { left: 44, right: 24, top: 22, bottom: 8 }
const layOut = (rows: number, columns: number, width: number, height: number, square = false) =>
  layOutHeatmap({ rows, columns }, { width, height }, margins, square)

describe('layOutHeatmap', () => {
  it('scales E of figure 6 by the whole numbers 2 and 7', () => {
    const { cellWidth, cellHeight } = layOut(37, 512, 1092, 292)
    expect([cellWidth, cellHeight]).toEqual([2, 7])
  })

  it.each([
    [37, 512],
    [113, 512],
    [492, 4096],
    [2, 2],
  ])('keeps %d × %d cells within the room and fills at least four fifths of it', (rows, columns) => {
    const { width, height } = layOut(rows, columns, 1000, 400)
    expect(width).toBeLessThanOrEqual(932 + 1e-9)
    expect(height).toBeLessThanOrEqual(370 + 1e-9)
    expect(width).toBeGreaterThanOrEqual(0.8 * 932)
    expect(height).toBeGreaterThanOrEqual(0.8 * 370)
  })

  it('has square cells where asked', () => {
    const { cellWidth, cellHeight } = layOut(36, 36, 320, 280, true)
    expect(cellWidth).toBe(cellHeight)
  })

  it('names columns only where the names stand clear', () => {
    const layout = layOut(4, 512, 1092, 292)
    const ticks = Array.from({ length: 512 }, (_, at) => ({ at, label: String(at) }))
    const axis = { label: '', scale: 'linear' } as const
    const panel = { x: { ...axis, ticks }, y: axis, matrix: { rows: 4, columns: 512 }, rowLabels: {}, columnLabels: {} }
    const { columns } = heatmapTicks(panel, layout)
    for (let k = 1; k < columns.length; k++) {
      expect((columns[k]!.at - columns[k - 1]!.at) * layout.cellWidth).toBeGreaterThan(6.3 * columns[k]!.label.length)
    }
    expect(columns.length).toBeGreaterThan(10)
  })

  it('names rows and columns by what they stand for', () => {
    const axis = { label: '', scale: 'linear' } as const
    const rowLabels = { a: Int32Array.of(7, 3), b: Int32Array.of(9, 4) }
    const columnLabels = { part: ['Re', 'Im'] }
    const panel = { x: axis, y: axis, matrix: { rows: 2, columns: 2 }, rowLabels, columnLabels }
    const { rows, columns } = heatmapTicks(panel, layOut(2, 2, 1000, 400))
    expect(rows.map(({ label }) => label)).toEqual(['7, 9', '3, 4'])
    expect(columns.map(({ label }) => label)).toEqual(['Re', 'Im'])
  })
})
