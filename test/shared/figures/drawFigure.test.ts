import { describe, expect, it } from 'vitest'
import type {
  HeatmapPanel,
  LinePanel,
  MapPanel,
  Panel,
  ParallelPanel,
  Series,
  TablePanel,
} from '../../../src/shared/panel.ts'
import { findUnacceptable } from '../../../src/shared/findUnacceptable.ts'
import { drawFigure } from '../../../src/shared/figures/drawFigure.ts'
import { createSheet, widthOf, type Sheet } from '../../../src/shared/figures/sheet.ts'
import { textsOf } from '../../support/textsOf.ts'
import { acts, hostileCharacters, hostileText } from '../../support/hostileText.ts'
import { findVenue, venues } from '../../../src/shared/figures/venues.ts'

const x = Float64Array.from({ length: 50 }, (_, k) => 10 * k)

function series(name: string, y: (x: number) => number, role: Series['role'] = 'single', color = 0): Series {
  return { name, role, color, x, y: x.map(y) }
}

function linePanel(changes: Partial<LinePanel> = {}): LinePanel {
  return {
    kind: 'lines',
    id: 'accuracy',
    title: 'Test accuracy <of two seeds>',
    caption: 'two seeds & more',
    x: { label: 'decay time', symbol: 'τ', scale: 'linear' },
    y: { label: 'share & <more>', scale: 'linear', min: 0, max: 1 },
    series: [series('seed 0', (t) => t / 500), series('seed 1', (t) => t / 1000, 'single', 1)],
    levels: [{ at: 0.2, label: 'chance, 1/5' }],
    ...changes,
  }
}

const heatmap: HeatmapPanel = {
  kind: 'heatmap',
  id: 'cosines',
  title: 'Cosines',
  caption: 'seed 0',
  x: { label: 'unit', scale: 'linear' },
  y: { label: 'token', scale: 'linear' },
  matrix: { rows: 7, columns: 40, data: Float64Array.from({ length: 280 }, (_, k) => (k % 9 === 0 ? NaN : k / 280)) },
  rowLabels: { token: Int32Array.from({ length: 7 }, (_, token) => token) },
  columnLabels: { unit: Int32Array.from({ length: 40 }, (_, unit) => unit) },
  value: 'cosine',
  colors: 'diverging',
  range: [-1, 1],
  valueLabel: 'cosine',
}

const table: TablePanel = {
  kind: 'table',
  id: 'claims',
  title: 'Claims',
  caption: '',
  columns: [
    {
      name: 'claim',
      label: 'claim',
      cells: ['Largest off-diagonal |cosine| at the end', 'Gap of $\\|E\\|^2$ & more', 'The same'],
    },
    { name: 'measured', label: 'measured', cells: ['0.024–0.027', '1.25 × 10⁻²⁰–2.68 × 10⁻²⁰', '–'] },
    { name: 'expected', label: 'expected <range>', cells: ['≤ 0.04', '1 520–1 980', '0.6–0.68'] },
  ],
  marks: ['holds', 'fails', 'open'],
}

const map: MapPanel = {
  kind: 'map',
  id: 'delay',
  title: 'Delay',
  caption: 'median',
  x: { label: 'weight decay', symbol: 'wd', scale: 'log' },
  y: { label: 'share & more', scale: 'linear' },
  cells: {
    x: Float64Array.of(0.1, 1, 10, 0.1, 1, 10),
    y: Float64Array.of(0.5, 0.5, 0.5, 0.9, 0.9, 0.9),
    state: ['value', 'value', 'censored', 'missing', 'failed', 'value'],
    value: Float64Array.of(10, 20, NaN, NaN, NaN, 3000),
  },
  value: 'delay',
  valueLabel: 'steps of delay',
  colors: 'sequential',
  colorScale: 'log',
  range: [10, 5000],
  beyond: '> 20 000',
  contours: [100, 1000],
}

const parallel: ParallelPanel = {
  kind: 'parallel',
  id: 'parallel',
  title: 'Parallel coordinates',
  caption: '1 run ends before & <the> last axis',
  axes: [
    {
      axis: {
        label: 'optimizer',
        column: 'o',
        scale: 'linear',
        ticks: ['余弦', 'adamw <x>'].map((label, at) => ({ at, label })),
      },
      short: 'optimizer',
      values: Float64Array.of(0, 1, 1, 0),
      isChosen: true,
    },
    {
      axis: { label: 'weight decay', symbol: 'wd', column: 'wd', scale: 'log' },
      short: '$wd$',
      values: Float64Array.of(0.001, 0.1, 1, 1),
      isChosen: true,
      range: [0.01, 1],
    },
    {
      axis: { label: 'loss', column: 'loss', scale: 'log', zero: true },
      short: 'L',
      values: Float64Array.of(0, 1e-4, NaN, 2),
    },
    {
      axis: { label: 'step of generalization t_grok', column: 't_grok', scale: 'log' },
      short: 't_grok',
      values: Float64Array.of(1000, 5000, NaN, NaN),
      isBeyond: [false, true, false, false],
    },
  ],
  groups: [
    { name: 'a', label: 'a & b', color: 0 },
    { name: 'b', label: 'b', color: 1 },
  ],
  groupOf: Int32Array.of(0, 1, 0, 1),
  with: { run: ['a', 'b', 'c', 'd'] },
}

const panels: Record<string, Panel> = {
  map,
  parallel,
  'one axis': { ...parallel, axes: parallel.axes.slice(3) },
  'kinds of a map': {
    ...map,
    kinds: ['one kind', 'another'],
    cells: { ...map.cells, value: new Float64Array(6).fill(1) },
  },
  'an empty map': {
    ...map,
    cells: { x: new Float64Array(), y: new Float64Array(), state: [], value: new Float64Array() },
  },

  lines: linePanel(),
  'one line': linePanel({ series: [series('seed 0', Math.sin)] }),
  'nothing to draw': linePanel({ series: [] }),
  gaps: linePanel({ series: [series('seed 0', (t) => (t % 40 === 0 ? NaN : t / 500))] }),
  'logarithms of what is not above 0': linePanel({
    x: { label: 'step', scale: 'log' },
    y: { label: 'loss', scale: 'log' },
    series: [series('seed 0', (t) => t - 100)],
  }),
  'large numbers': linePanel({
    x: { label: 'step', scale: 'linear', min: 0, max: 1e6 },
    y: { label: 'value', scale: 'linear' },
    series: [series('seed 0', (t) => -1e5 * t)],
  }),
  points: linePanel({
    series: [series('Re', Math.cos, 'points'), series('start', Math.sin, 'start')],
    equalAspect: true,
  }),
  'long words': linePanel({
    y: { label: 'share of the displacement of training that the flow on the zero-loss set leaves', scale: 'linear' },
    x: { label: 'distance from the line through (1, 1, 1) along the zero-loss set', symbol: 'd_E', scale: 'linear' },
    series: [0, 1].map((k) => series(`${k}: ${'an experiment with a very long name, '.repeat(4)}`, Math.sin)),
    levels: [],
  }),
  expectations: linePanel({
    expectations: [
      { label: 'expected', fromX: 100, min: 0.3, max: 0.4 },
      { label: 'peak', min: 0.7, max: 0.8 },
    ],
  }),
  heatmap,
  table,
  'colors far from 1': { ...heatmap, range: [-1.234e15, 1.234e15] },
  'rows of long names': {
    ...heatmap,
    rowLabels: { pair: Array.from({ length: 7 }, (_, k) => `1 234 567, ${k}`) },
  },
  'numbers far from 1': linePanel({
    x: { label: 'step', scale: 'linear', min: 0, max: 964_542_800 },
    y: { label: 'value', scale: 'linear' },
    series: [series('seed 0', (t) => 1e-150 * (7 + t / 1e6))],
  }),
}
const sheets: Sheet[] = venues.flatMap(({ id, widths }) =>
  widths.map((width) => ({ ...createSheet(2), venue: id, width: width.id })),
)

describe.each(Object.entries(panels))('a panel with %s', (_, panel) => {
  const { markup } = drawFigure(createSheet(1), [panel], { titled: true })

  it('is one SVG document without scripts, foreign addresses or numbers that are none', () => {
    expect(markup).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(markup).not.toMatch(/<script|javascript:|NaN|Infinity|undefined/)
    const addresses = [...markup.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1]!)
    expect(addresses.filter((address) => !address.startsWith('data:image/png'))).toEqual([])
    // Well-formed: every element that is opened is closed, in order.
    const stack: string[] = []
    for (const [, closing, name, empty] of markup.matchAll(/<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/g)) {
      if (closing) expect(stack.pop()).toBe(name)
      else if (!empty) stack.push(name!)
    }
    expect(stack).toEqual([])
  })

  it('says what it shows in words: title, caption, axes', () => {
    const words = textsOf(markup)
      .map(({ words }) => words)
      .join(' ')
    const axes = 'x' in panel ? [panel.x.label, panel.y.label] : []
    for (const text of [panel.title, panel.caption, ...axes]) expect(words).toContain(text)
  })

  it('is the same text every time', () => {
    expect(drawFigure(createSheet(1), [panel], { titled: true }).markup).toBe(markup)
  })

  it.each(sheets)('has all its words within the figure for $venue, $width, labels of an axis apart', (sheet) => {
    const drawing = drawFigure(sheet, [panel, panel])
    const texts = textsOf(drawing.markup)
    for (const { words, left, right, baseline, size } of texts) {
      expect([words, left >= 0, right <= drawing.width]).toEqual([words, true, true])
      expect([words, baseline - 0.7 * size >= 0, baseline <= drawing.height]).toEqual([words, true, true])
    }
    const middle = texts.filter(({ anchor }) => anchor === 'middle')
    for (const [i, a] of middle.entries()) {
      for (const b of middle.slice(i + 1)) {
        if (a.baseline === b.baseline) expect(a.right < b.left || b.right < a.left).toBe(true)
      }
    }
  })
})

describe('a figure for print', () => {
  const [sheet] = sheets

  it('is XML whatever its words hold', () => {
    const texts = [hostileText, hostileCharacters.join(' ')]
    const words = (text: string) => ({
      title: text,
      caption: text,
      x: { label: text, symbol: text, scale: 'linear' as const },
      y: { label: text, scale: 'linear' as const },
    })
    for (const text of texts) {
      const named = linePanel({ ...words(text), series: [series(text, Math.sin), series(`${text}2`, Math.cos)] })
      const figure = drawFigure(sheet!, [named, { ...heatmap, ...words(text), valueLabel: text }], { titled: true })
      expect(acts(figure.markup)).toBe(false)
      expect(figure.markup).not.toContain('\n')
      expect(figure.markup).toContain('\ufffd')
    }
  })

  it.each(sheets)('for $venue, $width, has its width, and neither smaller text nor thinner lines', (each) => {
    const { markup, width } = drawFigure(each, Object.values(panels))
    const { minText, minLine } = findVenue(each.venue)
    expect(width).toBeCloseTo(widthOf(each) * 72, 10)
    expect(Math.min(...valuesOf(markup, 'font-size'))).toBeGreaterThanOrEqual(minText)
    expect(Math.min(...valuesOf(markup, 'stroke-width'))).toBeGreaterThanOrEqual(minLine)
  })

  it('keeps its panels apart and within itself, those of a row beginning at one height', () => {
    const { boxes, width, height } = drawFigure(sheet!, [panels.lines!, panels['one line']!, heatmap])
    expect(boxes[0]!.y).toBe(boxes[1]!.y)
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

  it('gives every id once, and refers to those alone', () => {
    const { markup } = drawFigure(sheet!, [...Object.values(panels), ...Object.values(panels), heatmap])
    const ids = [...markup.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]!)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id] of markup.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(id)
  })

  it('leaves the place of a panel that is not there yet', () => {
    const whole = drawFigure(sheet!, [heatmap, heatmap])
    expect(drawFigure(sheet!, [heatmap, null]).boxes).toEqual(whole.boxes)
  })

  it('has letters where there are several panels, and one legend where all panels agree', () => {
    const named = (list: Panel[]) => textsOf(drawFigure(sheet!, list).markup).map(({ words }) => words)
    const other = linePanel({ series: [series('seed 0', Math.sin), series('other', Math.cos)] })
    const count = (list: Panel[], name: string) => named(list).filter((words) => words === name).length
    expect(count([panels.lines!, panels.lines!], 'seed 0')).toBe(1)
    expect(count([panels.lines!, other], 'seed 0')).toBe(2)
    expect(count([panels['one line']!], 'seed 0')).toBe(0)
    expect([count([panels.lines!], 'a'), count([panels.lines!, other], 'b')]).toEqual([0, 1])
  })

  it('has legends that are above above the plots: one for all panels above the first row, that of a panel which asks for its own above its plot', () => {
    const both = [panels.lines!, panels.lines!]
    const plotsOf = (looks: readonly ({ legend: 'above' } | undefined)[]) => {
      const { markup, parts } = drawFigure({ ...createSheet(2), legend: 'above' }, both, { looks })
      const named = textsOf(markup).filter(({ words }) => words === 'seed 0')
      return { heights: named.map(({ baseline }) => baseline), tops: parts.map(({ plot }) => plot.y) }
    }
    const shared = plotsOf([])
    expect(shared.heights).toHaveLength(1)
    expect(shared.heights[0]!).toBeLessThan(Math.min(...shared.tops))
    const own = plotsOf([{ legend: 'above' }, undefined])
    expect(own.heights).toHaveLength(2)
    own.heights.forEach((height, place) => expect(height).toBeLessThan(own.tops[place]!))
  })

  it('raises exponents, and sets symbols in italics', () => {
    const { markup } = drawFigure(sheet!, [
      linePanel({ y: { label: 'loss', scale: 'log' }, series: [series('s', (t) => 10 ** (-t / 50))] }),
    ])
    expect(textsOf(markup).filter(({ words }) => /^10⁻[¹²³⁴⁵⁶⁷⁸⁹⁰]+$/.test(words)).length).toBeGreaterThan(1)
    expect(markup).toMatch(/font-style="italic">τ</)
  })
})

describe('lines for print', () => {
  const pathsOf = (panel: LinePanel) => [...drawFigure(createSheet(1), [panel]).markup.matchAll(/<path d="([^"]*)"/g)]

  it('end at a gap and begin anew after it', () => {
    const y = (t: number) => (t === 200 ? NaN : t / 500)
    const [whole, broken] = [pathsOf(linePanel()), pathsOf(linePanel({ series: [series('s', y)] }))]
    expect(whole[0]![1]!.match(/M/g)).toHaveLength(1)
    expect(broken[0]![1]!.match(/M/g)).toHaveLength(2)
  })

  it('of very many points keep their extremes in few', () => {
    const long = Float64Array.from({ length: 200_000 }, (_, k) => k)
    const y = long.map((k) => (k === 123_457 ? 1 : k === 54_321 ? 0 : 0.5 + 0.1 * Math.sin(k)))
    const path = pathsOf(linePanel({ series: [{ name: 's', role: 'single', x: long, y }] }))[0]![1]!
    const heights = [...path.matchAll(/[ML]\S+ ([-\d.]+)/g)].map((match) => Number(match[1]))
    expect(heights.length).toBeLessThan(4000)
    const [min, max] = [Math.min(...heights), Math.max(...heights)]
    const middle = heights.toSorted((a, b) => a - b)[heights.length >> 1]!
    // 0, 1/2 and 1 are at even distances.
    expect((max - middle) / (middle - min)).toBeCloseTo(1, 0)
    expect(heights.filter((height) => height === min)).toHaveLength(1)
  })

  it('show zero on a logarithmic axis apart from what is above it', () => {
    const { markup } = drawFigure(createSheet(1), [linePanel({ x: { label: 'step', scale: 'log', min: 0 } })])
    expect(textsOf(markup).filter(({ words, anchor }) => words === '0' && anchor === 'middle')).toHaveLength(1)
  })

  it('have one unit of length on both axes where the panel asks for it', () => {
    const ring = { x: x.map(Math.cos), y: x.map(Math.sin) }
    const panel = linePanel({
      y: { label: 'y', scale: 'linear' },
      series: [{ name: 's', role: 'points', ...ring }],
      equalAspect: true,
    })
    const { markup } = drawFigure(createSheet(1), [panel])
    const dots = dotsOf(markup)
    const span = (values: number[]) => Math.max(...values) - Math.min(...values)
    const ratio = span([...ring.x]) / span([...ring.y])
    expect(span(dots.map(([across]) => across)) / span(dots.map(([, upwards]) => upwards))).toBeCloseTo(ratio, 2)
  })

  it('are dashed and under the runs where they are theory, strong where they are means', () => {
    const roles = ['single', 'theory', 'mean'] as const
    const { markup } = drawFigure(createSheet(1), [
      linePanel({ series: roles.map((role) => series(role, Math.sin, role)), levels: [] }),
    ])
    const paths = [...markup.matchAll(/<path[^>]*>/g)].map(([path]) => path)
    expect(paths.map((path) => path.includes('dasharray'))).toEqual([true, false, false])
    const widths = paths.map((path) => valuesOf(path, 'stroke-width')[0]!)
    expect(Math.max(...widths)).toBe(widths[2])
    expect(widths[2]).toBeGreaterThan(widths[1]!)
    expect(widths[1]).toBeGreaterThan(widths[0]!)
  })

  it('come with levels and expectations in words', () => {
    const words = textsOf(drawFigure(createSheet(1), [panels.expectations!]).markup).map((text) => text.words)
    expect(words).toEqual(expect.arrayContaining(['expected', 'peak', 'chance, 1/5']))
  })
})

it('a heatmap is one raster under vector axes', () => {
  const { markup } = drawFigure(createSheet(1), [heatmap])
  expect(markup.match(/<image /g)).toHaveLength(1)
  expect(markup.match(/<text /g)!.length).toBeGreaterThan(6)
})

function valuesOf(markup: string, attribute: string): number[] {
  return [...markup.matchAll(new RegExp(` ${attribute}="([\\d.]+)"`, 'g'))].map(([, value]) => Number(value))
}

/** Middle and radius of each dot of a series: two half circles from its left. */
function dotsOf(markup: string): [x: number, y: number, r: number][] {
  return [...markup.matchAll(/M([-\d.]+) ([-\d.]+)a([\d.]+)/g)].map(([, ...found]) => {
    const [left, y, r] = found.map(Number) as [number, number, number]
    return [left + r, y, r]
  })
}

it.each(['points', 'start', 'single'] as const)(
  'cuts no dot of a series that is drawn as %s, nor at a border',
  (role) => {
    const axis = { label: 'x', scale: 'linear', min: 0, max: 1 } as const
    const corners = role === 'single' ? [1] : [0, 1]
    const dots = corners.map((at): Series => ({ name: `${at}`, role, x: Float64Array.of(at), y: Float64Array.of(at) }))
    const { markup } = drawFigure(createSheet(1), [linePanel({ x: axis, y: axis, series: dots })], { titled: true })
    const [, border, inside] = /<clipPath.*?(<rect[^>]*>).*?<g clip-path[^>]*>(.*?)<\/g>/s.exec(markup)!
    const numberOf = (tag: string, name: string) => Number(new RegExp(` ${name}="([^"]*)"`).exec(tag)![1])
    const [left, top, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberOf(border!, name)) as [
      number,
      number,
      number,
      number,
    ]
    expect(dotsOf(inside!)).toHaveLength(dots.length)
    for (const [x, y, r] of dotsOf(inside!)) {
      expect(Math.min(x - left, y - top, left + width - x, top + height - y)).toBeGreaterThanOrEqual(r - 0.02)
    }
  },
)

describe('a drawing of as many runs as a panel takes', () => {
  const count = 20_000
  const each = (of: (line: number) => number) => Float64Array.from({ length: count }, (_, line) => of(line))
  const scatter = linePanel({ series: [{ name: 'runs', role: 'points', x: each(Math.sin), y: each(Math.cos) }] })
  const across: ParallelPanel = {
    ...{ kind: 'parallel', id: 'across', title: '', caption: '', with: {} },
    axes: [1, 2, 3].map((k) => ({
      axis: { label: `${k}`, scale: 'linear' },
      ...{ short: `${k}`, values: each((line) => Math.sin(k * line)) },
    })),
    groups: [0, 1].map((color) => ({ name: `${color}`, label: `${color}`, color })),
    groupOf: Int32Array.from({ length: count }, (_, line) => line % 2),
  }

  it.each([
    ['two scatters', [scatter, scatter]],
    ['lines across axes', [across]],
  ] as [string, Panel[]][])('can be sent to a host: %s', (_, panels) => {
    const { root, width, height } = drawFigure(createSheet(panels.length), panels)
    expect(findUnacceptable({ name: 'figure', drawing: { root, width, height } })).toBeNull()
  })
})

describe('a table', () => {
  it.each(sheets)('has no words on other words for $venue, $width, alone and beside a plot', (sheet) => {
    for (const shown of [[table], [table, table], [linePanel(), table]]) {
      const texts = textsOf(drawFigure({ ...sheet, columns: shown.length }, shown).markup)
      for (const [k, a] of texts.entries()) {
        for (const b of texts.slice(k + 1)) {
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
          const down = 0.75 * Math.min(a.size, b.size) - Math.abs(a.baseline - b.baseline)
          expect([a.words, b.words, across > 0.01 && down > 0.01]).toEqual([a.words, b.words, false])
        }
      }
    }
  })

  it('is as high as its words, and leaves a plot beside it the height that it has alone', () => {
    const long: TablePanel = {
      ...table,
      columns: table.columns.map((column) => ({
        ...column,
        cells: Array<string[]>(9)
          .fill([...column.cells])
          .flat(),
      })),
      marks: Array<TablePanel['marks']>(9).fill(table.marks).flat(),
    }
    const sheet = { ...createSheet(2), columns: 2 }
    const [alone, beside] = [
      [linePanel(), linePanel()],
      [linePanel(), long],
    ].map((each) => drawFigure(sheet, each))
    const [plot, words] = beside!.parts.map((part) => part.plot.height)
    expect(plot).toBeCloseTo(alone!.parts[0]!.plot.height, 9)
    expect(words).toBeGreaterThan(2 * plot!)
    expect(beside!.height).toBeCloseTo(beside!.boxes[1]!.height, 9)
  })

  it('has a sign for each row, as many of each kind as there are', () => {
    const { markup } = drawFigure(createSheet(1), [table])
    expect(markup.match(/<path [^>]*stroke="#228833"/g)).toHaveLength(1)
    expect(markup.match(/<path /g)).toHaveLength(2)
    expect(markup.match(/<circle /g)).toHaveLength(1)
  })
})
