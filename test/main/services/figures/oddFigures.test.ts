import { describe, expect, it } from 'vitest'
import { figurePdf } from '../../../../src/main/services/figures/figurePdf.ts'
import { figurePng } from '../../../../src/main/services/figures/figurePng.ts'
import { scriptFiles } from '../../../../src/main/services/figures/scriptFiles.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import { createSheet } from '../../../../src/shared/figures/sheet.ts'
import type { LinePanel, Series } from '../../../../src/shared/panel.ts'

const x = Float64Array.from({ length: 50 }, (_, k) => k)
const line = (changes: Partial<Series> = {}): Series => ({ name: 'p', role: 'single', color: 0, x, y: x, ...changes })
const many = Array.from({ length: 200 }, (_, k) => line({ name: `seed ${k}`, color: k % 6 }))
const odd: Record<string, Series[]> = {
  '200 series': many,
  'names of 200 letters, one from the right': ['n', 'ש'].map((letter) => line({ name: letter.repeat(200) })),
  'one point': [line({ x: Float64Array.of(1), y: Float64Array.of(2) })],
  'nothing but NaN': [line({ y: x.map(() => NaN) })],
  'unequal lengths': [line(), line({ x: x.subarray(0, 3), y: x.subarray(0, 3) })],
  nothing: [],
}
const panelOf = (series: Series[], scale: 'linear' | 'log'): LinePanel => ({
  kind: 'lines',
  id: 'odd',
  title: 'Odd',
  caption: '',
  x: { label: 'step', scale: 'linear' },
  y: { label: 'loss', scale },
  series,
})

describe.each(Object.entries(odd))('a figure of %s', (_, series) => {
  it.each([
    ['full', 'linear'],
    ['full', 'log'],
    ['1in', 'log'],
  ] as const)('is drawn whole in every format, %s wide, on a %s axis', async (width, scale) => {
    const drawing = drawFigure({ ...createSheet(1), width }, [panelOf(series, scale)])
    expect(drawing.markup).not.toMatch(/NaN|Infinity|undefined/)
    expect(Buffer.from((await figurePdf(drawing, 'odd')).bytes).toString('latin1', 0, 8)).toBe('%PDF-1.7')
    expect((await figurePng(drawing, 100)).bytes.subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'))
    const { script } = scriptFiles(drawing, 'odd')
    expect(script.match(/^(curve|dots)\(/gm) ?? []).toHaveLength(series.length)
  })
})
