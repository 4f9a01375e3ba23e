import { describe, expect, it } from 'vitest'
import { layOutLines } from '../../../src/shared/charts/lineLayout.ts'
import { legendEntries } from '../../../src/shared/charts/legend.ts'
import { placeColumns } from '../../../src/shared/charts/placeColumns.ts'
import { lineMargins } from '../../../src/shared/charts/plotArea.ts'
import { drawFigure } from '../../../src/shared/figures/drawFigure.ts'
import { beginningInset, dressPanels, lookProblems } from '../../../src/shared/figures/dressPanels.ts'
import type { PanelLook } from '../../../src/shared/figures/look.ts'
import { createSheet } from '../../../src/shared/figures/sheet.ts'
import { plainText } from '../../../src/shared/formatting/setSymbols.ts'
import type { HeatmapPanel, LinePanel, ParallelPanel, Series } from '../../../src/shared/panel.ts'
import { panelCsv } from '../../../src/shared/panelCsv.ts'
import { textsOf } from '../../support/textsOf.ts'

const x = Float64Array.from({ length: 21 }, (_, k) => 10 * k)
const series = (name: string, slope: number, changes: Partial<Series> = {}): Series => ({
  ...{ name, role: 'single', color: 0, x, y: x.map((at) => 1 + slope * at) },
  ...changes,
})
const lines = (changes: Partial<LinePanel> = {}): LinePanel => ({
  ...{ kind: 'lines', id: 'loss', title: 'Loss', caption: '' },
  x: { label: 'decay time', symbol: 'τ', scale: 'linear', min: 0 },
  y: { label: 'loss', scale: 'linear' },
  series: [series('a', 1), series('b', 2, { color: 1 })],
  ...changes,
})
const heatmap: HeatmapPanel = {
  ...{ kind: 'heatmap', id: 'm', title: 'Cosine of moduli', caption: '', value: 'cosine', valueLabel: 'cosine' },
  x: { label: 'k', scale: 'linear' },
  y: { label: 'k', scale: 'linear' },
  matrix: { rows: 2, columns: 2, data: Float64Array.of(0, 1, 2, 3) },
  rowLabels: { row: [0, 1].map(String) },
  columnLabels: { column: [0, 1].map(String) },
  colors: 'diverging',
  range: [-1, 1],
}
const dressed = (panel: LinePanel, look: PanelLook) => dressPanels({}, [panel], [look])[0] as LinePanel
const domains = (panel: LinePanel) => {
  const layout = layOutLines(panel, { size: { width: 400, height: 300 }, margins: lineMargins })
  return { x: layout.x.domain, y: layout.y.domain }
}
const words = (look: PanelLook, panel: LinePanel | HeatmapPanel = lines()) =>
  textsOf(drawFigure(createSheet(1), [panel], { looks: [look] }).markup).map((text) => text.words)

describe('the look of a panel', () => {
  it('has colors for single curves that go before those of a field, and leaves out what is hidden', () => {
    const traits = { traits: { wd: 1 } }
    const panel = lines({ series: ['a', 'b', 'c'].map((name) => series(name, 1, { color: 0, ...traits })) })
    const look = { curves: { b: { color: 2 }, c: { hidden: true as const } } }
    const [own] = dressPanels({ colorBy: 'wd', palette: 'okabeIto' }, [panel], [look]) as LinePanel[]
    const [plain] = dressPanels({ palette: 'okabeIto' }, [
      lines({ series: [series('x', 1, { color: 2 })] }),
    ]) as LinePanel[]
    expect(own!.series.map(({ name, ink }) => [name, ink === plain!.series[0]!.ink])).toEqual([
      ['a', false],
      ['b', true],
    ])
  })

  it('has its own title beside the labels of its axes', () => {
    expect(words({ title: 'At $\\lambda$', y: { label: 'squared error' }, x: { label: 't_n' } })).toEqual(
      expect.arrayContaining(['At λ', 'squared error', 'tn']),
    )
    expect(words({})).not.toContain('Loss')
    expect(words({}, heatmap)).toEqual(expect.arrayContaining(['Cosine of moduli', expect.stringMatching(/^cosine\b/)]))
    expect(words({ title: 'Mine', color: { label: 'share' } }, heatmap)).toEqual(
      expect.arrayContaining(['Mine', expect.stringMatching(/^share\b/)]),
    )
  })

  it('leaves the table as it is', () => {
    const look = { title: 'T', x: { label: 'A', min: 5 }, y: { label: 'B', scale: 'log' as const } }
    expect(panelCsv(dressed(lines(), look))).toBe(
      panelCsv(lines({ x: { ...lines().x, column: 'decay time' }, y: { ...lines().y, column: 'loss' } })),
    )
  })

  it('sets limits, the scale and ticks', () => {
    const panel = dressed(lines(), { x: { min: 20, max: 90, ticks: [80, 40] }, y: { scale: 'log', max: 1000 } })
    expect(domains(panel).x).toEqual([20, 90])
    expect(domains(panel).y[1]).toBe(1000)
    expect(panel.x.ticks).toEqual([
      { at: 40, label: '40' },
      { at: 80, label: '80' },
    ])
    expect(words({ y: { ticks: [0.25, 100] } })).toEqual(expect.arrayContaining(['100']))
  })

  it('has a place for 0 on a logarithmic axis, or none, and marks the break', () => {
    const log = { scale: 'log' as const }
    const breaks = (look: PanelLook) =>
      textsOf(drawFigure(createSheet(1), [lines()], { looks: [{ y: { min: 10 }, ...look }] }).markup).filter(
        (text) => text.words === '0',
      ).length
    expect([breaks({ x: log }), breaks({ x: { ...log, zero: true } }), breaks({ x: { ...log, zero: false } })]).toEqual(
      [1, 1, 0],
    )
    expect(breaks({ x: { ...log, zero: false }, y: { ...log, zero: true } })).toBe(1)
  })

  it.each([
    [{ x: { min: 9, max: 2 } }, 'x.min is 9 and x.max is 2: the horizontal scale has to begin below its end'],
    [{ y: { scale: 'log', min: 0 } }, 'y.min is 0: on a logarithmic axis it has to be above 0'],
    [{ y: { scale: 'log', ticks: [-1, 1] } }, 'y.ticks has -1: a logarithmic axis has none below 0'],
    [{ color: { min: 1, max: 1 } }, 'color.min is 1 and color.max is 1: the color scale has to begin below its end'],
    [{ curves: { gone: { hidden: true } } }, 'curves has "gone": no curve of this panel is called that'],
    [
      { curves: { a: { color: 2 }, x: {}, y: {}, z: {} } },
      'curves has "x" and 2 more: no curve of this panel is called that',
    ],
    [{ inset: { from: 3, to: 3, corner: 'topLeft' } }, /^inset.from is 3 and inset.to is 3/],
    [{ x: { scale: 'log' }, inset: { from: 0, to: 3, corner: 'topLeft' } }, /^inset.from is 0: .*above 0/],
    [{ color: { min: 1 } }, /^color.min is 1: it has to be below 1/],
    [{ color: { max: -2 } }, /^color.max is -2: it has to be above −1/],
    [{ y: { scale: 'log' }, notes: [{ x: 0, y: 0, text: 'a' }] }, /^notes.0.y is 0: .*above 0/],
  ] as [PanelLook, string | RegExp][])('says why it does not follow %j, and draws without', (look, problem) => {
    expect(lookProblems(look.color ? heatmap : lines(), look)).toEqual([expect.stringMatching(problem)])
    const { markup } = drawFigure(createSheet(1), [look.color ? heatmap : lines()], { looks: [look] })
    expect(markup).not.toMatch(/NaN|Infinity|undefined/)
    expect(markup).toMatch(/<path d="M|<image/)
  })

  it('begins an inset with a part of the axis that is there', () => {
    for (const scale of ['linear', 'log'] as const) {
      const inset = { ...beginningInset(lines(), { x: { scale } }), corner: 'topLeft' as const }
      expect(lookProblems(lines(), { x: { scale }, inset })).toEqual([])
      expect(inset.from).toBeGreaterThan(0)
      expect(inset.to).toBe(200)
    }
    for (const [min, max] of [
      [9900, 10_000],
      [990, 999],
    ] as const) {
      const inset = { ...beginningInset(lines(), { x: { min, max } }), corner: 'topLeft' as const }
      expect([min, inset.from > min && inset.from < inset.to && inset.to <= max]).toEqual([min, true])
    }
  })

  it('has the picture of a matrix in the colors of its limits, and the same again with the same', () => {
    const image = (look: PanelLook) =>
      drawFigure(createSheet(1), [heatmap], { looks: [look] }).markup.match(/href="[^"]+"/)?.[0]
    const first = image({})
    expect(image({ title: 'Named' })).toBe(first)
    expect(image({ color: { min: -3, max: 3 } })).not.toBe(first)
    expect(image({})).toBe(first)
  })

  it('has the columns of a matrix side by side whatever their axis is called', () => {
    const named = { ...heatmap, x: { label: 'column', scale: 'linear' as const } }
    const [panel] = dressPanels({}, [named], [{ x: { label: 'unit' } }]) as HeatmapPanel[]
    expect(placeColumns(panel!, 100)).toBeNull()
    expect(panel!.x.label).toBe('unit')
  })

  it('is drawn with limits beyond all data, which says so', () => {
    expect(words({ x: { min: 1e6 } })).toContain('nothing in this range')
    for (const look of [
      { y: { max: -5 } },
      { y: { min: 1e9 } },
      { x: { max: -3 } },
      { x: { scale: 'log', max: 1e-9 } },
    ]) {
      const { markup } = drawFigure(createSheet(1), [lines()], { looks: [look as PanelLook] })
      expect(markup).not.toMatch(/NaN|Infinity|undefined/)
    }
  })

  it('puts the legend above, into a corner, or nowhere', () => {
    const entry = (look: PanelLook) =>
      textsOf(drawFigure(createSheet(1), [lines()], { looks: [look] }).markup).find((text) => text.words === 'b')
    const [above, within] = [entry({})!, entry({ legend: 'bottomRight' })!]
    expect(within.baseline).toBeGreaterThan(above.baseline + 50)
    expect(entry({ legend: 'none' })).toBeUndefined()
  })

  it('names in a corner no more of two hundred series than have room there, and how many more there are', () => {
    const many = lines({ series: Array.from({ length: 200 }, (_, k) => series(`${k} ${'x'.repeat(200)}`, k)) })
    const shown = words({ legend: 'topLeft' }, many)
    expect(shown.some((word) => /^and 1\d\d more$/.test(word))).toBe(true)
  })
})

describe('a figure of several panels', () => {
  const two = [lines(), lines({ series: [series('c', 5)] })]

  it('shares limits of axes that mean the same, where asked to', () => {
    const shared = dressPanels({ share: 'y' }, two) as LinePanel[]
    expect(domains(shared[0]!).y).toEqual(domains(shared[1]!).y)
    expect(domains(two[0]!).y).not.toEqual(domains(two[1]!).y)
    const apart = dressPanels({ share: 'both' }, [lines(), lines({ y: { label: 'accuracy', scale: 'linear' } })])
    expect((apart[0] as LinePanel).y).toEqual(lines().y)
  })

  it('gives series that agree in a field one color and one dash, in every panel, and one entry of the legend', () => {
    const of = (wd: number, seed: number) => series(`wd ${wd}, seed ${seed}`, wd + seed, { traits: { wd, seed } })
    const panels = [lines({ series: [of(0.1, 0), of(0.1, 1), of(10, 0)] }), lines({ series: [of(10, 1)] })]
    const [first, second] = dressPanels({ colorBy: 'wd', dashBy: 'seed', palette: 'okabeIto' }, panels) as LinePanel[]
    expect(first!.series.map(({ ink }) => ink)).toEqual(['#0072b2', '#0072b2', '#d55e00'])
    expect(second!.series[0]!.ink).toBe('#d55e00')
    expect(first!.series.map(({ dash }) => dash)).toEqual(['solid', 'dashed', 'solid'])
    const byColor = dressPanels({ colorBy: 'wd' }, panels) as LinePanel[]
    expect(legendEntries(byColor[0]!).map(({ name }) => name)).toEqual(['wd = 0.1', 'wd = 10'])
  })

  it('does not put under one entry what is drawn in different colors', () => {
    const of = (wd: number, share: number, color: number) => series(`wd = ${wd}`, 1, { color, traits: { wd, share } })
    const names = (each: Series[], looks: PanelLook = {}) => {
      const [panel] = dressPanels(
        { dashBy: 'share', colorBy: looks.curves ? 'share' : undefined },
        [lines({ series: each })],
        [looks],
      )
      return legendEntries(panel as LinePanel).map(({ name }) => name)
    }
    expect(names([of(1, 0.5, 0), of(10, 0.5, 1), of(100, 0.7, 2)])).toEqual([
      'wd = 1, share = 0.5',
      'wd = 10, share = 0.5',
      'wd = 100, share = 0.7',
    ])
    expect(names([of(1, 0.5, 0), of(10, 0.5, 0), of(100, 0.7, 2)])).toEqual(['share = 0.5', 'share = 0.7'])
    const own = { curves: { 'wd = 10': { color: 3 } } }
    expect(names([of(1, 0.5, 0), of(10, 0.5, 0), of(100, 0.7, 2)], own)).toEqual([
      'share = 0.5',
      'wd = 10, share = 0.5',
      'share = 0.7',
    ])
  })

  it('has one entry for what was smoothed, and another for what was measured', () => {
    const smoothed = [0, 1].flatMap((seed) => [
      series(`wd = 1, seed ${seed}, measured`, 1, { traits: { wd: 1 }, of: { run: `${seed}`, statistic: 'measured' } }),
      series(`wd = 1, seed ${seed}`, 1, {
        role: 'mean',
        traits: { wd: 1 },
        of: { run: `${seed}`, statistic: 'mean of 5 rows' },
      }),
    ])
    const [panel] = dressPanels({ colorBy: 'wd' }, [lines({ series: smoothed })]) as LinePanel[]
    expect(legendEntries(panel!).map(({ name }) => name)).toEqual(['wd = 1, measured', 'wd = 1'])
  })

  it('shares limits by what is seen: within the horizontal ones, and of panels that show something', () => {
    const falling = (high: number) =>
      lines({
        series: [series('a', 1, { x: Float64Array.of(0, 1000, 2000), y: Float64Array.of(high, 2, 1) })],
        x: { label: 'step', scale: 'linear', min: 1000 },
      })
    const [first] = dressPanels({ share: 'y' }, [falling(100), falling(1000)]) as LinePanel[]
    expect(first!.y.max).toBeLessThan(5)
    const empty = lines({ series: [series('a', 1, { x: new Float64Array(0), y: new Float64Array(0) })] })
    const high = lines({ series: [series('a', 1, { x: Float64Array.of(0, 1), y: Float64Array.of(500, 600) })] })
    const [shared, other] = dressPanels({ share: 'both' }, [high, empty]) as LinePanel[]
    expect(shared!.y.min).toBeGreaterThan(400)
    const beyond = { ...high, x: { ...high.x, min: 5 } }
    expect(
      (dressPanels({ share: 'y' }, [beyond, { ...high, x: { ...high.x, min: 0 } }])[1] as LinePanel).y.min,
    ).toBeGreaterThan(400)
    const [positive, zeros] = [
      [500, 600],
      [0, 0],
    ].map((values) =>
      lines({
        y: { label: 'loss', scale: 'log' },
        series: [series('a', 1, { x: Float64Array.of(0, 1), y: Float64Array.from(values) })],
      }),
    )
    const withZero = { ...zeros!, y: { ...zeros!.y, zero: true } }
    for (const nothing of [zeros!, withZero]) {
      const { y } = dressPanels({ share: 'y' }, [positive!, nothing])[0] as LinePanel
      expect(y.min).toBeGreaterThan(90)
    }
    expect(other!.y).toEqual(shared!.y)
  })

  it('shares limits by a line that only crosses its panel, and by what is expected there', () => {
    const low = lines({ series: [series('a', 1, { x: Float64Array.of(0, 10), y: Float64Array.of(0, 1) })] })
    const x = { label: 'step', scale: 'linear', min: 4, max: 6 } as const
    const crossing = {
      ...lines({ x, series: [series('b', 1, { x: Float64Array.of(0, 10), y: Float64Array.of(50, 60) })] }),
    }
    const expected = { ...crossing, series: [], expectations: [{ min: 50, max: 60, label: 'expected' }] }
    for (const other of [crossing, expected]) {
      const [first] = dressPanels({ share: 'y' }, [low, other]) as LinePanel[]
      expect(first!.y.max).toBeGreaterThanOrEqual(56)
    }
  })

  it('shares limits of axes that meant the same before a figure renamed one of them', () => {
    const clock = (end: number) =>
      lines({
        x: { label: 'decay time', symbol: 'τ', column: 'tau', scale: 'linear' },
        series: [series('a', 1, { x: Float64Array.of(0, end), y: Float64Array.of(0, 1) })],
      })
    const [first, second] = dressPanels({ share: 'x' }, [clock(1), clock(7)], [{ x: { label: 'time' } }]) as LinePanel[]
    expect([first!.x.max, second!.x.max]).toEqual([7, 7])
  })

  it('gives groups of lines across axes the colors of its palette, and a title where they have one', () => {
    const parallel: ParallelPanel = {
      ...{ kind: 'parallel', id: 'p', title: 'Parallel', caption: '', with: {}, groupOf: Int32Array.of(0, 1) },
      axes: [{ axis: lines().y, short: 'y', values: Float64Array.of(1, 2) }],
      groups: [0, 1].map((color) => ({ name: `${color}`, label: `${color}`, color })),
    }
    const [panel] = dressPanels({ palette: 'okabeIto' }, [parallel], [{ title: 'At $\\lambda$' }]) as ParallelPanel[]
    expect(panel!.groups.map(({ ink }) => ink)).toEqual(['#0072b2', '#d55e00'])
    expect(plainText(panel!.title)).toBe('At λ')
    expect(panelCsv(panel!)).toBe(panelCsv(parallel))
  })

  it('leaves series as they are that lack the field', () => {
    const [plain] = dressPanels({ colorBy: 'wd' }, [lines()]) as LinePanel[]
    expect(plain!.series.map(({ family }) => family)).toEqual([undefined, undefined])
  })

  it('gives a panel as many columns as it asks for, and lets the rest follow', () => {
    const { boxes } = drawFigure({ ...createSheet(2), columns: 2 }, [lines(), lines(), lines()], {
      looks: [undefined, { span: 2 }, { span: 9 }],
    })
    expect(boxes.map(({ y }) => y)).toEqual([...new Set(boxes.map(({ y }) => y))])
    expect(boxes[1]!.width).toBeGreaterThan(2 * boxes[0]!.width)
    expect(boxes[2]!.width).toBe(boxes[1]!.width)
  })

  it.each(['a', 'A', '(a)', 'none'] as const)('has letters as %s', (letters) => {
    const { markup } = drawFigure({ ...createSheet(2), letters }, two)
    const found = textsOf(markup).map((text) => text.words)
    const expected = { a: 'b', A: 'B', '(a)': '(b)', none: '' }[letters]
    expect(found.includes(expected)).toBe(letters !== 'none')
  })
})
