import { describe, expect, it } from 'vitest'
import { drawFigure } from '../../../src/shared/figures/drawFigure.ts'
import type { PanelLook } from '../../../src/shared/figures/look.ts'
import { createSheet, type Sheet } from '../../../src/shared/figures/sheet.ts'
import type {
  CellState,
  HeatmapPanel,
  LinePanel,
  MapPanel,
  Panel,
  ParallelPanel,
  Series,
} from '../../../src/shared/panel.ts'

// Numbers are made by +, −, ·, / and √ alone, whose bits are the same on every machine.
const steps = Float64Array.from({ length: 61 }, (_, k) => 50 * k)

/** Rises from 0 to 1 around a step. */
const rise = (at: number) => (step: number) => 1 / (1 + (at / (step + 1)) ** 4)
/** Falls as a power does. */
const fall = (from: number) => (step: number) => from / (1 + step / 100) ** 3

function series(name: string, y: (step: number) => number, changes: Partial<Series> = {}): Series {
  return { name, role: 'single', x: steps, y: steps.map(y), ...changes }
}

function lines(changes: Partial<LinePanel>): LinePanel {
  return {
    kind: 'lines',
    id: 'accuracy',
    title: 'Test accuracy',
    caption: 'three seeds',
    x: { label: 'step', scale: 'linear', min: 0, max: 3000 },
    y: { label: 'accuracy', scale: 'linear', min: 0, max: 1 },
    series: [],
    ...changes,
  }
}

const seeds = [1500, 1700, 2000].map((at, color) => series(`seed ${color}`, rise(at), { color }))
const mean = series('mean of 3', (step) => seeds.reduce((sum, { y }) => sum + y[step / 50]! / 3, 0), { role: 'mean' })

function heatmap(changes: Partial<HeatmapPanel>): HeatmapPanel {
  const [rows, columns] = [9, 12]
  return {
    kind: 'heatmap',
    id: 'matrix',
    title: 'First layer',
    caption: 'E at step 5000',
    x: { label: 'unit', scale: 'linear' },
    y: { label: 'token', scale: 'linear' },
    matrix: {
      rows,
      columns,
      data: Float64Array.from({ length: rows * columns }, (_, k) => (((7 * k) % 23) - 11) / 11),
    },
    rowLabels: { token: Int32Array.from({ length: rows }, (_, token) => token) },
    columnLabels: { unit: Int32Array.from({ length: columns }, (_, unit) => unit) },
    value: 'weight',
    colors: 'diverging',
    range: [-1, 1],
    valueLabel: 'weight',
    ...changes,
  }
}

/** A plane whose values double to the right and fall upwards, beyond the bound at its top, with a gap and a failure. */
function map(changes: Partial<MapPanel>): MapPanel {
  const places = Array.from({ length: 20 }, (_, k) => ({ x: 2 ** (k % 5), y: 0.5 + 0.1 * Math.floor(k / 5) }))
  const states: Record<number, CellState> = {
    3: 'missing',
    9: 'failed',
    15: 'censored',
    16: 'censored',
    17: 'censored',
  }
  const state = places.map((_, k) => states[k] ?? 'value')
  return {
    kind: 'map',
    id: 't_grok',
    title: 'Steps to generalization',
    caption: 'median over seeds',
    x: { label: 'weight decay', symbol: 'wd', scale: 'log' },
    y: { label: 'training share f_s', scale: 'linear' },
    cells: {
      x: Float64Array.from(places, ({ x }) => x),
      y: Float64Array.from(places, ({ y }) => y),
      state,
      value: Float64Array.from(places, ({ x, y }, k) => (state[k] === 'value' ? (100 * x) / (2 * y) : NaN)),
    },
    value: 't_grok',
    valueLabel: 'step of generalization t_grok',
    colors: 'sequential',
    colorScale: 'log',
    range: [50, 2000],
    beyond: '> 2000',
    contours: [100, 1000],
    boundary: {
      label: 'half of the seeds',
      along: 'y',
      at: Float64Array.of(1, 2, 4, 8, 16),
      middle: Float64Array.of(0.75, 0.75, 0.7, NaN, 0.6),
      from: Float64Array.of(0.7, 0.7, 0.6, NaN, 0.55),
      to: Float64Array.of(0.8, 0.85, 0.75, NaN, 0.7),
    },
    ...changes,
  }
}

/** Of twelve runs two without a value, two later than their end, and half of them in a range. */
const runs = Array.from({ length: 12 }, (_, k) => k)
const parallel: ParallelPanel = {
  kind: 'parallel',
  id: 'parallel',
  title: 'Parallel coordinates',
  caption: '6 of 12 runs in range',
  axes: [
    {
      axis: { label: 'weight decay', symbol: 'wd', scale: 'log' },
      ...{ short: '$wd$', values: Float64Array.from(runs, (k) => [0.01, 0.1, 1][k % 3]!), isChosen: true },
    },
    {
      axis: { label: 'activation', scale: 'linear', ticks: ['gelu', 'relu'].map((label, at) => ({ at, label })) },
      ...{ short: 'activation', values: Float64Array.from(runs, (k) => k % 2), isChosen: true, range: [0.5, 1] },
    },
    {
      axis: { label: 'test accuracy A_test', scale: 'linear' },
      ...{ short: 'A_test', values: Float64Array.from(runs, (k) => 1 / (1 + k / 20)) },
    },
    {
      axis: { label: 'step of generalization t_grok', scale: 'log' },
      short: 't_grok',
      values: Float64Array.from(runs, (k) => (k > 9 ? NaN : k > 7 ? 20_000 : 500 + 400 * ((7 * k) % 12))),
      isBeyond: runs.map((k) => k > 7 && k < 10),
    },
  ],
  groups: ['AdamW', 'momentum'].map((name, color) => ({ name, label: name, color })),
  groupOf: Int32Array.from(runs, (k) => (k < 5 ? 0 : 1)),
  with: { run: runs.map(String) },
}

/** The corners of a regular polygon, as far as a rational parametrization of the circle goes. */
const circle = Array.from({ length: 12 }, (_, k) => (k - 6) / 3).map((t) => [
  (1 - t * t) / (1 + t * t),
  (2 * t) / (1 + t * t),
])
const kindsOf = (cells: MapPanel['cells']): MapPanel['cells'] => ({
  ...cells,
  state: cells.state.map((state, cell) => (cell === 12 ? 'undecided' : state)),
  value: cells.value.map((value) => (value < 100 ? 0 : value < 400 ? 1 : 2)),
})
const half = { ...createSheet(1), width: 'half' }
const pair = createSheet(2)

interface Golden {
  sheet?: Sheet
  panels: (Panel | null)[]
  titled?: boolean
  looks?: PanelLook[]
}

const band = seeds[0]!

const figures: Record<string, Golden> = {
  'curves of seeds and their mean': { panels: [lines({ series: [...seeds, mean] })], titled: true },
  'losses on logarithmic axes, with what is expected and what was done': {
    panels: [
      lines({
        title: 'Losses',
        x: { label: 'step', scale: 'log', min: 0 },
        y: { label: 'mean squared error', scale: 'log' },
        series: [series('training', fall(3)), series('test', fall(90), { color: 1, role: 'theory' })],
        expectations: [{ label: 'expected', fromX: 500, toX: 1000, min: 0.01, max: 0.1 }],
        levels: [{ at: 0.5, label: 'chance' }],
        moments: [{ at: 1000, label: 'weight decay 1e-3', tone: 'intervention' }],
      }),
    ],
  },
  'runs across axes, some of them looked at': { panels: [parallel], titled: true },
  'matrix entries': { panels: [heatmap({})], titled: true },
  'a matrix with values beyond its scale': { panels: [heatmap({ range: [-0.8, 0.8], valueLabel: '$E$' })] },
  'features by unit and frequency': {
    panels: [
      heatmap({
        title: 'Spectrum of units',
        y: { label: 'frequency', symbol: 'k', scale: 'linear' },
        matrix: {
          rows: 4,
          columns: 12,
          data: Float64Array.from({ length: 48 }, (_, k) => (k % 5 === 0 ? NaN : (k % 7) / 7)),
        },
        rowLabels: { frequency: Int32Array.of(1, 2, 3, 4) },
        colors: 'sequential',
        range: [0, 1],
        valueLabel: 'share of power',
      }),
    ],
  },
  'norms by frequency': {
    panels: [
      lines({
        title: 'Norms of the Fourier features',
        x: {
          label: 'frequency',
          symbol: 'k',
          scale: 'linear',
          ticks: [1, 2, 3, 4, 5].map((at) => ({ at, label: `${at}` })),
        },
        y: { label: 'norm', scale: 'linear', min: 0 },
        series: ['start', 'end'].map((name, color) => ({
          ...{ name, role: 'points' as const, color, beside: 0.15 * color },
          ...{ x: Float64Array.of(1, 2, 3, 4, 5), y: Float64Array.of(3, 1, 2, 5, 4).map((norm) => norm / (1 + color)) },
        })),
      }),
    ],
  },
  'a circle in a plane': {
    panels: [
      lines({
        title: 'Frequency 3',
        x: { label: 'Re', scale: 'linear' },
        y: { label: 'Im', scale: 'linear' },
        equalAspect: true,
        series: [
          {
            name: 'units',
            role: 'points',
            x: Float64Array.from(circle, ([x]) => x!),
            y: Float64Array.from(circle, ([, y]) => y!),
          },
        ],
      }),
    ],
  },
  'a histogram': {
    panels: [
      lines({
        title: 'Dominant frequencies',
        x: { label: 'share of power', scale: 'linear', min: 0, max: 1 },
        y: { label: 'units', scale: 'linear', min: 0 },
        series: [
          {
            name: 'units',
            role: 'single',
            x: Float64Array.of(0, 0.25, 0.5, 0.75),
            until: Float64Array.of(0.25, 0.5, 0.75, 1),
            y: Float64Array.of(2, 7, 11, 3),
          },
        ],
      }),
    ],
  },
  'two panels under one legend': {
    sheet: pair,
    panels: [lines({ series: seeds }), lines({ title: 'Twice', series: seeds })],
  },
  'long names, each panel with its own legend': {
    sheet: pair,
    panels: [
      lines({
        series: [0, 1].map((color) =>
          series(`${color}: an experiment of a name that takes more room than its line has`, rise(1000), { color }),
        ),
      }),
      lines({
        y: {
          label: 'share of the displacement of training that the flow on the zero-loss set leaves',
          scale: 'linear',
        },
        series: seeds.slice(0, 2),
      }),
    ],
  },
  'a look: title, labels, limits, ticks, a place for zero, notes, an inset, a legend within': {
    sheet: { ...pair, letters: '(a)', palette: 'okabeIto' },
    panels: [lines({ series: seeds }), lines({ series: seeds })],
    looks: [
      {
        title: 'Delay at $\\lambda$ → 0, $d_h$ = 512',
        x: { label: 'step $t$', scale: 'log', zero: true },
        y: { label: 'share', min: 0.2, max: 0.9, ticks: [0.25, 0.5, 0.75] },
        legend: 'topLeft',
        notes: [{ x: 300, y: 0.5, text: 'half, \\|E\\|^2' }],
      },
      { inset: { from: 1000, to: 1500, corner: 'bottomRight' } },
    ],
  },
  'a group: center, band, how many; colors and dashes by field; one panel as wide as two': {
    sheet: { ...pair, letters: 'none', palette: 'viridis', colorBy: 'wd', dashBy: 'model', share: 'both' },
    panels: [
      lines({
        series: [0, 1, 2].map((k) =>
          series(`run ${k}`, rise(800 + 500 * k), { traits: { wd: k, model: `m${k % 2}` } }),
        ),
      }),
      lines({
        series: [{ ...band, traits: { wd: 2 } }],
        bands: [{ name: band.name, color: 0, x: steps, low: band.y.map((y) => 0.8 * y), high: band.y }],
      }),
      lines({ y: { label: 'accuracy', scale: 'linear' }, series: seeds }),
    ],
    looks: [{ span: 2 }],
  },
  'means with their bands': {
    panels: [
      lines({
        series: ['AdamW', 'momentum'].flatMap((group, color) => {
          const own = (statistic: string, factor: number, more: Partial<Series>) => ({
            ...series(`${group}, ${statistic}`, (step) => factor * rise(1000 + 700 * color)(step)),
            ...{ color, group, ...more },
          })
          return [
            own('mean − std', 0.8, { family: `${group}, mean ± std` }),
            own('mean + std', 1.1, { family: `${group}, mean ± std` }),
            own('N = 3', 0.95, { role: 'mean' }),
          ]
        }),
        bands: ['AdamW', 'momentum'].map((group, color) => ({
          ...{ name: `${group}, mean − std`, color, x: steps },
          low: steps.map((step) => 0.8 * rise(1000 + 700 * color)(step)),
          high: steps.map((step) => 1.1 * rise(1000 + 700 * color)(step)),
        })),
      }),
    ],
  },
  'small multiples of circles, and a matrix whose columns stand in blocks': {
    sheet: pair,
    panels: [
      lines({
        each: 'circle',
        title: 'Circles',
        series: [1, 2, 3, 4, 5].map((k) => ({
          name: `frequency ${k}`,
          role: 'points' as const,
          color: 0,
          of: { frequency: k },
          with: { token: Int32Array.from(circle, (_, token) => token) },
          x: Float64Array.from(circle, (_, j) => (k === 5 ? 0 : circle[(j * k) % 12]![0]!)),
          y: Float64Array.from(circle, (_, j) => (k > 3 ? 0 : circle[(j * k) % 12]![1]!)),
        })),
      }),
      heatmap({
        columnBlocks: [
          { from: 0, to: 4, label: '1' },
          { from: 4, to: 9, label: '2' },
          { from: 9, to: 12, label: 'none' },
        ],
      }),
    ],
  },
  'a plane of cells with its boundary': { panels: [map({})] },
  'a plane of kinds': {
    panels: [
      map({ kinds: ['grokking', 'memorization', 'confusion'], valueLabel: 'phase', cells: kindsOf(map({}).cells) }),
    ],
    titled: true,
  },
  'what is not there': {
    sheet: pair,
    panels: [lines({ series: [], empty: 'nothing was measured yet' }), null],
    titled: true,
  },
}

/** One element a line, so that a difference is one of lines; within texts a line would be a space. */
const readable = (markup: string) => `${markup.replaceAll(/>(?=<(?!\/?tspan|\/text))/g, '>\n')}\n`

// After a change that is meant: npx vitest run test/shared/figures/goldenFigures.test.ts --update, and look at what changed.
describe('a figure is drawn as it was', () => {
  it.each(Object.entries(figures))('%s', async (name, { sheet = half, panels, titled = false, looks = [] }) => {
    const { markup } = drawFigure(sheet, panels, { titled, looks })
    await expect(readable(markup)).toMatchFileSnapshot(`golden/${name.replaceAll(/\W+/g, '-')}.svg`)
  })
})
