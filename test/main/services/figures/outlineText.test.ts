import { describe, expect, it } from 'vitest'
import { decode } from 'fast-png'
import { layOutWords } from '../../../../src/main/services/figures/layOutWords.ts'
import { figurePng } from '../../../../src/main/services/figures/figurePng.ts'
import { outlinedSvg } from '../../../../src/main/services/figures/figureSvg.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import { drawText } from '../../../../src/shared/figures/drawText.ts'
import { createSheet } from '../../../../src/shared/figures/sheet.ts'
import type { SvgNode } from '../../../../src/shared/figures/svgNode.ts'
import type { LinePanel } from '../../../../src/shared/panel.ts'

const x = Float64Array.from({ length: 50 }, (_, k) => k)
const panel: LinePanel = {
  kind: 'lines',
  id: 'loss',
  title: 'Loss',
  caption: '',
  x: { label: 'decay time', symbol: 'τ', scale: 'linear' },
  y: { label: '‖E‖²', scale: 'log' },
  series: [0, 1].map((color) => ({ name: `wd = ${color}`, role: 'single', color, x, y: x.map((k) => Math.exp(-k)) })),
  levels: [{ at: 0.1, label: 'chance' }],
}
const drawing = drawFigure({ ...createSheet(1), width: 'half' }, [panel], { titled: true })
const wordsOf = (words: string, anchor: 'start' | 'end' = 'start') => {
  const node = drawText(100, 20, words, { size: 10, ink: '#000000', anchor }, drawing.style)
  return layOutWords(node as Exclude<SvgNode, string>, 'sans', () => undefined)
}

describe('words as outlines', () => {
  const svg = new TextDecoder().decode(outlinedSvg(drawing).bytes)

  it('leave no text that asks for a font', () => {
    expect(drawing.markup).toContain('<text')
    expect(svg).not.toMatch(/<t(ext|span)/)
    expect(svg.match(/<path/g)!.length).toBeGreaterThan(10)
  })

  it('keep all else of the drawing', () => {
    const counts = (markup: string) => ['<line', '<rect', '<clipPath'].map((tag) => markup.split(tag).length)
    expect(counts(svg)).toEqual(counts(drawing.markup))
    expect(svg).toContain(`width="${/width="([\d.]+pt)"/.exec(drawing.markup)![1]}"`)
  })
})

describe('words on a line', () => {
  it('follow one another from the left', () => {
    const runs = wordsOf('share of $θ$ left')
    expect(runs.map(({ text }) => text)).toEqual(['share of ', 'θ', ' left'])
    expect(runs[0]!.x).toBe(100)
    expect(runs[1]!.x).toBeGreaterThan(runs[0]!.x)
    expect(wordsOf('left', 'end')[0]!.x).toBeLessThan(100)
  })

  it('that are read from the right stand in their order of reading', () => {
    const runs = wordsOf('אב 12 גד end')
    const placeOf = (letter: string) => runs.find(({ text }) => text.includes(letter))!.x
    expect(placeOf('ג')).toBeLessThan(placeOf('12'))
    expect(placeOf('12')).toBeLessThan(placeOf('א'))
    expect(placeOf('א')).toBeLessThan(placeOf('end'))
  })
})

describe('a figure as PNG', () => {
  it.each([300, 600])('of %d dpi has its size in pixels and says its resolution', async (dotsPerInch) => {
    const { bytes, missing } = await figurePng(drawing, dotsPerInch)
    const picture = decode(bytes)
    expect(missing).toEqual([])
    expect(picture.width).toBe(Math.round((drawing.width / 72) * dotsPerInch))
    expect(Math.abs(picture.height - (drawing.height / 72) * dotsPerInch)).toBeLessThanOrEqual(1)
    expect(Math.round(picture.resolution!.x * 0.0254)).toBe(dotsPerInch)
    const { data, channels } = picture
    const dark = data.filter((value, place) => place % channels === 0 && value < 128).length
    expect(dark / (picture.width * picture.height)).toBeGreaterThan(0.005)
  })
})
