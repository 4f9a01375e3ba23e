import { describe, expect, it } from 'vitest'
import type { HeatmapPanel, LinePanel } from '../../../../src/shared/panel.ts'
import { checkFigure } from '../../../../src/renderer/views/figures/checkFigure.ts'
import { createComposition, widthOf, type Composition } from '../../../../src/renderer/views/figures/composition.ts'
import { drawFigure } from '../../../../src/renderer/views/figures/drawFigure.ts'
import { venues } from '../../../../src/renderer/views/figures/venues.ts'

const x = Float64Array.from({ length: 50 }, (_, k) => k)
const lines: LinePanel = {
  kind: 'lines',
  id: 'a',
  title: 'A',
  caption: '',
  x: { label: 'decay time', symbol: 'τ', scale: 'linear' },
  y: { label: '‖E‖² & <more>', scale: 'log' },
  series: [0, 1, 2].map((colour) => ({
    name: `d_h = ${colour}`,
    role: 'single',
    colour,
    x,
    y: x.map((k) => Math.exp(-k / 10) + colour),
  })),
}
const heatmap: HeatmapPanel = {
  kind: 'heatmap',
  id: 'b',
  title: 'B',
  caption: '',
  x: { label: 'unit', scale: 'linear' },
  y: { label: 'token', scale: 'linear' },
  matrix: { rows: 7, columns: 40, data: new Float64Array(280) },
  colours: 'diverging',
  range: [-1, 1],
  valueLabel: 'weight',
}
const raster = { cells: () => 'data:image/png;base64,cells', bar: () => 'data:image/png;base64,bar' }
const compositions: Composition[] = venues.flatMap(({ id, widths }) =>
  widths.map((width) => ({ ...createComposition('f'), venue: id, width: width.id })),
)

describe('a figure for print', () => {
  it.each(compositions)('for $venue, $width, holds all that the venue asks', (composition) => {
    const panels = [lines, heatmap, lines]
    const drawing = drawFigure(composition, panels, raster)
    expect(checkFigure(composition, drawing, panels).filter(({ holds }) => !holds)).toEqual([])
    expect(drawing.width).toBeCloseTo(widthOf(composition) * 72, 10)
  })

  it('keeps its panels apart and within itself', () => {
    const { boxes, width, height } = drawFigure({ ...compositions[0]!, columns: 2 }, [lines, lines, heatmap], raster)
    for (const [i, a] of boxes.entries()) {
      expect(a.x + a.width).toBeLessThanOrEqual(width + 1e-9)
      expect(a.y + a.height).toBeLessThanOrEqual(height + 1e-9)
      for (const b of boxes.slice(i + 1)) {
        expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
          true,
        )
      }
    }
  })

  it('is XML whatever the words, with numbers only where numbers belong', () => {
    const { markup } = drawFigure(compositions[0]!, [lines, heatmap], raster)
    expect(markup).toContain('&amp; &lt;more&gt;')
    expect(markup).not.toMatch(/NaN|Infinity|undefined/)
    const open = markup.match(/<[a-z]+(?: [^>]*[^/])?>/gi)!.length
    expect(markup.match(/<\/[a-z]+>/gi)).toHaveLength(open)
  })

  it('leaves the place of a panel that is not there yet', () => {
    const whole = drawFigure(compositions[0]!, [lines, lines], raster)
    expect(drawFigure(compositions[0]!, [lines, null], raster).boxes).toEqual(whole.boxes)
  })
})

describe('the checks', () => {
  const of = (composition: Composition, markup: string, height = 100) =>
    checkFigure(
      composition,
      { markup, width: widthOf(composition) * 72, height, boxes: [], style: drawFigure(composition, [], raster).style },
      [],
    ).flatMap(({ id, holds }) => (holds ? [] : [id]))

  it('find text too small, lines too thin, and figures higher than the page', () => {
    const [composition] = compositions
    expect(of(composition!, '<text font-size="9"/><path stroke-width="1"/>')).toEqual([])
    expect(of(composition!, '<text font-size="3"/>')).toEqual(['text'])
    expect(of(composition!, '<path stroke-width="0.1"/>')).toEqual(['line'])
    expect(of(composition!, '', 72 * 12)).toEqual(['height'])
  })

  it('find more lines than there are colours', () => {
    const many = {
      ...lines,
      series: [0, 1, 2, 3, 4, 5, 6].map((k) => ({ ...lines.series[0]!, name: `${k}`, colour: k % 6 })),
    }
    const drawing = drawFigure(compositions[0]!, [many], raster)
    expect(checkFigure(compositions[0]!, drawing, [many]).find(({ id }) => id === 'colour')!.holds).toBe(false)
  })
})
