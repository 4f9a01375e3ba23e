import { describe, expect, it } from 'vitest'
import { checkFigure } from '../../../src/shared/figures/checkFigure.ts'
import { createComposition, type Composition } from '../../../src/shared/figures/composition.ts'
import { drawFigure } from '../../../src/shared/figures/drawFigure.ts'
import { widthOf } from '../../../src/shared/figures/sheet.ts'
import { venues } from '../../../src/shared/figures/venues.ts'
import type { LinePanel, ParallelPanel } from '../../../src/shared/panel.ts'

const x = Float64Array.from({ length: 50 }, (_, k) => k)
const lines: LinePanel = {
  kind: 'lines',
  id: 'a',
  title: 'A',
  caption: '',
  x: { label: 'decay time', symbol: 'τ', scale: 'linear' },
  y: { label: '‖E‖²', scale: 'log' },
  series: [0, 1, 2].map((color) => ({
    name: `d_h = ${color}`,
    role: 'single',
    color,
    x,
    y: x.map((k) => Math.exp(-k / 10) + color),
  })),
  levels: [{ at: 1, label: 'one' }],
}
const compositions: Composition[] = venues.flatMap(({ id, widths }) =>
  widths.map((width) => ({ ...createComposition('f'), venue: id, width: width.id })),
)

describe('the checks', () => {
  const of = (composition: Composition, markup: string, height = 100) =>
    checkFigure(composition, {
      root: '',
      markup,
      width: widthOf(composition) * 72,
      height,
      boxes: [],
      panels: [],
      parts: [],
      legend: [],
      style: drawFigure(composition, []).style,
    }).flatMap(({ id, holds }) => (holds ? [] : [id]))

  it.each(compositions)('hold for a drawing for $venue, $width', (composition) => {
    // A slide holds one row.
    const panels = composition.venue === 'beamer' ? [lines, lines] : [lines, lines, lines]
    const checks = checkFigure(composition, drawFigure(composition, panels))
    expect(checks.filter(({ holds }) => !holds)).toEqual([])
  })

  it('find text too small, lines too thin, and figures higher than the page', () => {
    const [composition] = compositions
    expect(of(composition!, '<text font-size="9"/><path stroke-width="1"/>')).toEqual([])
    expect(of(composition!, '<text font-size="3"/>')).toEqual(['text'])
    expect(of(composition!, '<path stroke-width="0.1"/>')).toEqual(['line'])
    expect(of(composition!, '', 72 * 12)).toEqual(['height'])
  })

  it('find more groups of lines across axes than there are colors', () => {
    const holds = (count: number) => {
      const panel: ParallelPanel = {
        ...{ kind: 'parallel', id: 'p', title: '', caption: '', with: {}, groupOf: new Int32Array() },
        axes: [{ axis: lines.y, short: 'y', values: new Float64Array() }],
        groups: Array.from({ length: count }, (_, k) => ({ name: `${k}`, label: `${k}`, color: k % 6 })),
      }
      const drawing = drawFigure(compositions[0]!, [panel])
      return checkFigure(compositions[0]!, drawing).find(({ id }) => id === 'color')!.holds
    }
    expect([2, 7].map(holds)).toEqual([true, false])
  })

  it('count no colors of small planes, each of which has a line and a name of its own', () => {
    const planes = { ...lines, each: 'circle' as const, series: lines.series.map((each) => ({ ...each, color: 0 })) }
    const drawing = drawFigure(compositions[0]!, [planes])
    expect(checkFigure(compositions[0]!, drawing).find(({ id }) => id === 'color')).toMatchObject({
      reading: 'one color',
      holds: true,
    })
  })

  it('find more lines than there are colors', () => {
    const many = {
      ...lines,
      series: [0, 1, 2, 3, 4, 5, 6].map((k) => ({ ...lines.series[0]!, name: `${k}`, color: k % 6 })),
    }
    const drawing = drawFigure(compositions[0]!, [many])
    expect(checkFigure(compositions[0]!, drawing).find(({ id }) => id === 'color')!.holds).toBe(false)
  })
})
