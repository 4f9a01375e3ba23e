import { describe, expect, it } from 'vitest'
import { renderPanel } from '../../../../src/main/services/figures/renderPanel.ts'
import type { HeatmapPanel, LinePanel, Series } from '../../../../src/shared/panel.ts'

const x = Float64Array.from({ length: 50 }, (_, i) => 10 * i)

function series(name: string, y: (step: number) => number, role: Series['role'] = 'single'): Series {
  return { name, role, colour: 0, x, y: x.map(y) }
}

function linePanel(changes: Partial<LinePanel> = {}): LinePanel {
  return {
    kind: 'lines',
    id: 'accuracy',
    title: 'Test accuracy <of two seeds>',
    caption: 'two seeds & more',
    x: { label: 'step', scale: 'linear' },
    y: { label: 'share of pairs', symbol: 'A', scale: 'linear', least: 0, most: 1 },
    series: [series('seed 0', (step) => step / 500), series('seed 1', (step) => step / 1000)],
    levels: [{ at: 0.2, label: 'chance, 1/5' }],
    ...changes,
  }
}

const heatmap: HeatmapPanel = {
  kind: 'heatmap',
  id: 'cosines',
  title: 'Cosines',
  caption: 'seed 0',
  x: { label: 'frequency', scale: 'linear' },
  y: { label: 'frequency', scale: 'linear' },
  matrix: { rows: 3, columns: 3, data: Float64Array.of(1, 0, NaN, 0, 1, 0, NaN, 0, 1) },
  colours: 'diverging',
  range: [-1, 1],
  valueLabel: 'cosine',
}

const panels = {
  lines: linePanel(),
  'one line': linePanel({ series: [series('seed 0', Math.sin)] }),
  'nothing to draw': linePanel({ series: [] }),
  gaps: linePanel({ series: [series('seed 0', (step) => (step % 40 === 0 ? NaN : step / 500))] }),
  'logarithms of what is not above 0': linePanel({
    x: { label: 'step', scale: 'log' },
    y: { label: 'loss', scale: 'log' },
    series: [series('seed 0', (step) => step - 100)],
  }),
  points: linePanel({
    series: [series('Re', Math.cos, 'points'), series('start', Math.sin, 'start')],
    equalAspect: true,
  }),
  heatmap,
}

describe.each(Object.entries(panels))('a panel with %s', (_, panel) => {
  const svg = renderPanel(panel)

  it('is one SVG document without scripts, foreign addresses or numbers that are none', () => {
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(svg.trimEnd().endsWith('</svg>')).toBe(true)
    expect(svg).not.toMatch(/<script|javascript:|NaN|Infinity|undefined/)
    const addresses = [...svg.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]!)
    expect(addresses.filter((address) => !address.startsWith('data:image/png') && !address.startsWith('#'))).toEqual([])
    // Well-formed: every element that is opened is closed, in order.
    const stack: string[] = []
    for (const [, closing, name, empty] of svg.matchAll(/<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/g)) {
      if (closing) expect(stack.pop()).toBe(name)
      else if (!empty) stack.push(name!)
    }
    expect(stack).toEqual([])
    for (const [, id] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(svg).toContain(`id="${id}"`)
  })

  it('says what it shows in words: title, caption, axes with symbols', () => {
    const words = svg.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    for (const text of [panel.title, panel.caption, panel.x.label, panel.y.label]) expect(words).toContain(text)
  })

  it('is the same text every time', () => {
    expect(renderPanel(panel)).toBe(svg)
  })
})

it('a legend stands where there is more than one series, and levels have their names', () => {
  const svg = renderPanel(linePanel())
  for (const text of ['seed 0', 'seed 1', 'chance, 1/5']) expect(svg).toContain(text)
  expect(renderPanel(panels['one line'])).not.toContain('>seed 0<')
})

it('a heatmap is one raster under vector axes', () => {
  const svg = renderPanel(heatmap)
  expect(svg.match(/<image /g)).toHaveLength(1)
  expect(svg.match(/<text /g)!.length).toBeGreaterThan(6)
})
