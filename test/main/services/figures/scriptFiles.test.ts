import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { scriptFiles } from '../../../../src/main/services/figures/scriptFiles.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import { layOutPanel, plotOf } from '../../../../src/shared/figures/drawLines.ts'
import { createSheet } from '../../../../src/shared/figures/sheet.ts'
import { mapStops } from '../../../../src/shared/figures/palettes.ts'
import type { SvgNode } from '../../../../src/shared/figures/svgNode.ts'
import { cellColor, layOutPrintedMap } from '../../../../src/shared/figures/drawMap.ts'
import { layOutPrintedParallel } from '../../../../src/shared/figures/drawParallel.ts'
import type { HeatmapPanel, LinePanel, MapPanel, Panel, ParallelPanel } from '../../../../src/shared/panel.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { askPython, hasNumpy } from '../../../support/python.ts'

const hasMatplotlib = hasNumpy && spawnSync('python3', ['-c', 'import matplotlib']).status === 0
if (!hasMatplotlib) process.stderr.write('No script is run: matplotlib is not here\n')

const step = Float64Array.from({ length: 40 }, (_, k) => k * k)
const curves: LinePanel = {
  kind: 'lines',
  id: 'loss',
  title: 'Loss of "all" $θ$, 50 %',
  caption: '',
  x: { label: 'step', scale: 'log', min: 0 },
  y: { label: '‖E‖²', symbol: 'L', scale: 'log' },
  series: [
    { name: 'seed_0 {x} $', role: 'single', color: 0, x: step, y: step.map((at) => Math.exp(-at / 300)) },
    { name: 'mean', role: 'mean', color: 1, x: step, y: step.map((at) => (at === 9 ? NaN : 2 * Math.exp(-at / 500))) },
    { name: 'theory', role: 'theory', color: 2, x: step, y: step.map((at) => 3 / (1 + at)) },
    { name: 'points', role: 'points', color: 3, x: Float64Array.of(1, 100), y: Float64Array.of(0.5, 0.1) },
  ],
  bands: [{ name: 'mean', color: 1, x: step, low: step.map(() => 0.1), high: step.map(() => 0.4) }],
  levels: [{ at: 0.2, label: 'chance, 1/5' }],
  moments: [{ at: 100, label: 'wd 0.1', tone: 'intervention' }],
  expectations: [{ label: 'expected', fromX: 10, toX: 50, min: 0.3, max: 0.6 }],
}
const linear: LinePanel = {
  ...curves,
  x: { label: 'decay time', symbol: 'τ', scale: 'linear' },
  y: { label: 'accuracy', scale: 'linear', min: 0, max: 1 },
  levels: [],
  moments: [],
  expectations: [],
}
const matrix: HeatmapPanel = {
  kind: 'heatmap',
  id: 'matrix',
  title: 'First layer',
  caption: '',
  x: { label: 'unit', scale: 'linear' },
  y: { label: 'token', scale: 'linear' },
  matrix: { rows: 5, columns: 7, data: Float64Array.from({ length: 35 }, (_, k) => (k === 3 ? NaN : (k % 11) - 5)) },
  rowLabels: { token: Int32Array.of(0, 1, 2, 3, 4) },
  columnLabels: { unit: Int32Array.of(0, 1, 2, 3, 4, 5, 6) },
  value: 'weight',
  colors: 'diverging',
  range: [-5, 5],
  valueLabel: 'weight',
}
const around = Float64Array.from({ length: 9 }, (_, k) => (2 * Math.PI * k) / 9)
const circles: LinePanel = {
  ...linear,
  title: 'Circles',
  each: 'circle',
  bands: [],
  series: [1, 2, 3].map((frequency) => ({
    name: `frequency ${frequency}`,
    of: { frequency },
    role: 'points' as const,
    color: 0,
    x: around.map((angle) => frequency * Math.cos(angle * frequency)),
    y: around.map((angle) => frequency * Math.sin(angle * frequency)),
  })),
}
const panels: Panel[] = [curves, linear, matrix, circles]
const drawing = drawFigure({ ...createSheet(2), venue: 'jmlr' }, panels, { looks: [{ legend: 'topRight' }] })

interface Axes {
  /** From the upper left corner, in points. */
  box: [x: number, y: number, width: number, height: number]
  lines: { xs: number[]; ys: number[]; label: string }[]
  ticks: { x: [number, string][]; y: [number, string][] }
  scales: [string, string]
}

const program = `
import os, runpy
os.environ['MPLBACKEND'] = 'Agg'
made = runpy.run_path(input)
figure = made['figure']
figure.canvas.draw()
W, H, per = made['WIDTH'], made['HEIGHT'], figure.dpi / 72
answer = {'size': [W, H], 'words': [t.get_text() for t in figure.texts], 'axes': []}
for ax in figure.axes:
    p = ax.get_position()
    lines = []
    for l in ax.get_lines():
        at = ax.transData.transform(np.column_stack(l.get_data()))
        lines.append({'xs': [None if np.isnan(v) else v / per for v in at[:, 0]], 'ys': [None if np.isnan(v) else H - v / per for v in at[:, 1]], 'label': l.get_label()})
    named = lambda axis: [[float(v), t.get_text()] for v, t in zip(axis.get_majorticklocs(), axis.get_majorticklabels())]
    answer['axes'].append({'box': [p.x0 * W, (1 - p.y1) * H, p.width * W, p.height * H], 'lines': lines, 'ticks': {'x': named(ax.xaxis), 'y': named(ax.yaxis)}, 'scales': [ax.get_xscale(), ax.get_yscale()]})
print(json.dumps(answer))`

async function write(drawn = drawing): Promise<string> {
  const path = join(temporaryFolder(), 'figure.py')
  const { script, data } = scriptFiles(drawn, 'figure')
  writeFileSync(path, script)
  const parts: Uint8Array[] = []
  for await (const part of data) parts.push(part)
  writeFileSync(path.replace(/py$/, 'npz'), Buffer.concat(parts))
  return path
}

function within(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expected.forEach((value, k) => expect(Math.abs(found[k]! - value)).toBeLessThanOrEqual(tolerance))
}

describe.skipIf(!hasMatplotlib)('a figure drawn again by matplotlib', () => {
  let answer: { size: number[]; words: string[]; axes: Axes[] }
  let path: string
  beforeAll(async () => {
    path = await write()
    answer = askPython(program, path) as typeof answer
  })
  /** Of a point: what is drawn is rounded to hundredths of it, scripts to thousandths. */
  const hundredth = 0.02

  it('has axes where they are, of each panel, each matrix with its colors, and each small plane', () => {
    expect(answer.axes).toHaveLength(2 + 2 + 3)
    for (const place of [0, 1]) {
      const layout = layOutPanel(drawing.parts[place]!.panel as LinePanel, drawing.parts[place]!.plot, drawing.style)
      const { x, y, width, height } = plotOf(layout)
      within(answer.axes[place]!.box, [x, y, width, height], hundredth)
    }
    const image = elementsOf(drawing.root, 'image')[0]!
    within(
      answer.axes[2]!.box,
      ['x', 'y', 'width', 'height'].map((key) => Number(image.attributes[key])),
      hundredth,
    )
  })

  it('has every point of every curve where it is, gaps and the place for 0 included', () => {
    for (const place of [0, 1]) {
      const layout = layOutPanel(drawing.parts[place]!.panel as LinePanel, drawing.parts[place]!.plot, drawing.style)
      const plot = plotOf(layout)
      layout.lines.strokes.forEach(({ points, series }, k) => {
        const found = answer.axes[place]!.lines[k]!
        for (const [at, end] of [0, points.length / 2 - 1].entries()) {
          const index = at === 0 ? 0 : series.x.length - 1
          const [x, y] = [plot.x + points[2 * end]! / layout.unit, plot.y + points[2 * end + 1]! / layout.unit]
          within([found.xs[index]!, found.ys[index]!], [x, y], 0.05)
        }
        expect(found.xs).toHaveLength(series.x.length)
      })
    }
    expect(answer.axes[0]!.lines[1]!.ys[3]).toBeNull()
  })

  it('has the same dots around every circle', () => {
    const dots = elementsOf(drawing.root, 'circle').filter(({ attributes }) => attributes.fill !== 'none')
    const near = (x: number, y: number) =>
      dots.some(({ attributes: { cx, cy } }) => Math.hypot(Number(cx) - x, Number(cy) - y) < 0.05)
    for (const { lines } of answer.axes.slice(4)) {
      expect(lines[0]!.xs).toHaveLength(9)
      lines[0]!.xs.forEach((x, k) => expect(near(x, lines[0]!.ys[k]!)).toBe(true))
    }
  })

  it('has the ticks with their labels, the scales, and the words around them', () => {
    const texts = elementsOf(drawing.root, 'text').map((text) =>
      (text.children as Exclude<SvgNode, string>[]).map(({ children }) => children.join('')).join(''),
    )
    for (const { ticks } of answer.axes.slice(0, 2)) {
      expect(ticks.x.length + ticks.y.length).toBeGreaterThan(5)
      for (const [, label] of [...ticks.x, ...ticks.y]) expect(texts).toContain(label)
    }
    expect(answer.axes.map(({ scales }) => scales).slice(0, 2)).toEqual([
      ['function', 'log'],
      ['linear', 'linear'],
    ])
    for (const words of ['chance, 1/5', 'wd 0.1', 'expected', 'mean', 'theory']) expect(answer.words).toContain(words)
    expect(answer.words).toContain('‖$\\mathit{E}$‖² $\\mathit{L}$')
    expect(answer.words.some((words) => words.includes('\\$'))).toBe(true)
  })

  it('is drawn over any numbers that a run can have, such as those of one that diverged', async () => {
    const ranges = [
      [20, 2e39],
      [5e-324, 1.7e308],
      [-1.7e308, 1.7e308],
      [1e19, 1e19 + 4096],
      [0, 0],
      [NaN, NaN],
    ] as const
    const extreme = ranges.flatMap((y) =>
      (['linear', 'log'] as const).map((scale): Panel => {
        const line = {
          name: 'seed 0',
          role: 'single',
          color: 0,
          x: Float64Array.of(1, 1e300),
          y: Float64Array.from(y),
        } as const
        return { ...linear, title: scale, y: { label: 'loss', scale }, bands: [], series: [line] }
      }),
    )
    const file = await write(drawFigure({ ...createSheet(extreme.length), venue: 'jmlr' }, extreme))
    const { status, stderr } = spawnSync('python3', [file], { encoding: 'utf8' })
    expect([status, stderr.replaceAll(/^findfont.*\n/gm, '')]).toEqual([0, ''])
  })

  it('has an inset above what it stands on, and dashes as long as in print', async () => {
    const figure = { ...createSheet(1), venue: 'jmlr' } as const
    const inset = { from: 20, to: 200, corner: 'topRight' } as const
    const drawn = drawFigure(
      figure,
      [{ ...linear, bands: [], moments: [{ at: 500, label: '', tone: 'intervention' }] }],
      {
        looks: [{ inset, legend: 'none' }],
      },
    )
    const { inked, dashes, height } = askPython(insetProgram, await write(drawn)) as Record<string, number>
    expect(inked).toBeGreaterThan(100)
    // Four points on, two off.
    expect(Math.abs(dashes! - height! / 6)).toBeLessThan(1.5)
  })

  it('is a file where it is run', () => {
    const target = path.replace(/py$/, 'pdf')
    const { status, stderr } = spawnSync('python3', [path, target], { encoding: 'utf8' })
    expect([status, stderr.replaceAll(/^findfont.*\n/gm, '')]).toEqual([0, ''])
    if (spawnSync('pdfinfo', ['-v']).error) return
    const [, width, height] = /Page size: +([\d.]+) x ([\d.]+)/.exec(
      spawnSync('pdfinfo', [target], { encoding: 'utf8' }).stdout,
    )!
    within([Number(width), Number(height)], [drawing.width, drawing.height], 0.05)
  })
})

/** Pixels with a curve's color in the inset, and the pieces of the moment to its left. */
const insetProgram = `
import os, runpy
os.environ['MPLBACKEND'] = 'Agg'
made = runpy.run_path(input)
figure = made['figure']
figure.set_dpi(720)
figure.canvas.draw()
pixels = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].astype(int)
whole, inset = figure.axes
box = inset.get_window_extent()
within = pixels[int(box.y0) + 20:int(box.y1) - 20, int(box.x0) + 20:int(box.x1) - 20]
inked = int((within.max(axis=2) - within.min(axis=2) > 60).sum())
area = whole.get_window_extent()
at = whole.transData.transform((500, 0))[0]
column = pixels[int(area.y0):int(area.y1), int(at)].mean(axis=1) < 200
dashes = int((np.diff(column.astype(int)) == 1).sum())
print(json.dumps({'inked': inked, 'dashes': dashes, 'height': area.height / 10}))`

describe('a script of a figure', () => {
  it('names its data and its panels, and has no letter that Python would act on', () => {
    const { script } = scriptFiles(drawing, 'figure')
    expect(script).toContain('"seed_0 {x} $"')
    expect(script.match(/^# Panel \d/gm)).toHaveLength(4)
    const odd = drawFigure(createSheet(1), [{ ...curves, title: 'a"\nimport os\\', series: [] }])
    expect(
      scriptFiles(odd, 'x\nimport os\rimport os\r\nimport os')
        .script.split(/\r\n?|\n/)
        .filter((line) => /^import os/.test(line)),
    ).toEqual([])
  })
})

function elementsOf(node: SvgNode, tag: string): Exclude<SvgNode, string>[] {
  if (typeof node === 'string') return []
  return [...(node.tag === tag ? [node] : []), ...node.children.flatMap((child) => elementsOf(child, tag))]
}

const map: MapPanel = {
  kind: 'map',
  id: 'map',
  title: 'Steps',
  caption: '',
  x: { label: 'weight decay', scale: 'log' },
  y: { label: 'train fraction', scale: 'linear' },
  cells: {
    x: Float64Array.of(0.1, 1, 10, 0.1, 1, 10),
    y: Float64Array.of(0.3, 0.3, 0.3, 0.6, 0.6, 0.6),
    state: ['value', 'value', 'censored', 'missing', 'failed', 'value'],
    value: Float64Array.of(100, 1000, NaN, NaN, NaN, 300),
  },
  value: 'steps',
  valueLabel: 'steps',
  colors: 'sequential',
  colorScale: 'log',
  range: [100, 1000],
  beyond: '> 1000',
  boundary: {
    along: 'x',
    label: 'half',
    at: Float64Array.of(0.3, 0.6),
    middle: Float64Array.of(0.5, 2),
    from: Float64Array.of(0.3, 1),
    to: Float64Array.of(0.8, 4),
  },
}

it.each(['sequential', 'diverging'] as const)('the bar beside a map of %s colors has those of its cells', (colors) => {
  const { script } = scriptFiles(drawFigure({ ...createSheet(2), venue: 'jmlr' }, [{ ...map, colors }]), 'figure')
  const [, bar] = /color_bar\(.*?(\[["'].*?\])/.exec(script)!
  expect(bar!.match(/#[0-9a-f]{6}/g)).toEqual([...mapStops[colors]])
})

describe.skipIf(!hasMatplotlib)('a map drawn again by matplotlib', () => {
  it('has its frame, and every cell in its outline and its color', async () => {
    const drawn = drawFigure({ ...createSheet(2), venue: 'jmlr' }, [map])
    const answer = askPython(mapProgram, await write(drawn)) as {
      box: number[]
      cells: { left: number; right: number; top: number; bottom: number; color: string }[]
      polygons: number
    }
    const { plot } = drawn.parts[0]!
    const { frame, outlines } = layOutPrintedMap(map, plot, drawn.style)
    ;[frame.x, frame.y, frame.width, frame.height].forEach((side, k) => expect(answer.box[k]!).toBeCloseTo(side, 1))
    expect(answer.cells).toHaveLength(outlines.length)
    outlines.forEach((outline, cell) => {
      const [xs, ys] = [0, 1].map((offset) => outline.filter((_, k) => k % 2 === offset)) as [
        Float64Array,
        Float64Array,
      ]
      const { left, right, top, bottom, color } = answer.cells[cell]!
      const found = [left, right, top, bottom]
      ;[Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)].forEach((side, k) =>
        expect(found[k]!).toBeCloseTo(side, 1),
      )
      expect(color).toBe(cellColor(map, cell))
    })
    // The band of the boundary.
    expect(answer.polygons).toBe(1)
  })
})

const mapProgram = `
import os, runpy
os.environ['MPLBACKEND'] = 'Agg'
made = runpy.run_path(input)
figure = made['figure']
figure.canvas.draw()
import matplotlib.colors, matplotlib.patches
W, H, per = made['WIDTH'], made['HEIGHT'], figure.dpi / 72
ax = figure.axes[0]
p = ax.get_position()
(drawn,) = ax.collections
cells = []
for path, color in zip(drawn.get_paths(), drawn.get_facecolors()):
    at = ax.transData.transform(path.vertices) / per
    cells.append({'left': at[:, 0].min(), 'right': at[:, 0].max(), 'top': H - at[:, 1].max(), 'bottom': H - at[:, 1].min(), 'color': matplotlib.colors.to_hex(color)})
polygons = sum(isinstance(each, matplotlib.patches.Polygon) for each in figure.patches + figure.artists)
print(json.dumps({'box': [p.x0 * W, (1 - p.y1) * H, p.width * W, p.height * H], 'cells': cells, 'polygons': polygons}))`

const parallel: ParallelPanel = {
  kind: 'parallel',
  id: 'parallel',
  title: 'Parallel coordinates',
  caption: '',
  axes: [
    {
      axis: { label: 'task', scale: 'linear', ticks: ['余弦', 'b $'].map((label, at) => ({ at, label })) },
      ...{ short: 'task', values: Float64Array.of(0, 1, 1, 0, 1), isChosen: true },
    },
    {
      axis: { label: 'loss', scale: 'log', zero: true },
      ...{ short: 'L', values: Float64Array.of(0, 0.5, NaN, 3, 0.01), range: [0, 1] },
    },
    {
      axis: { label: 't_grok', scale: 'log' },
      ...{
        short: 't',
        values: Float64Array.of(100, 5000, 900, NaN, 5000),
        isBeyond: [false, true, false, false, true],
      },
    },
  ],
  groups: [0, 1].map((color) => ({ name: `${color}`, label: `${color}`, color })),
  groupOf: Int32Array.of(0, 1, 0, 1, 0),
  with: {},
}

describe.skipIf(!hasMatplotlib)('parallel coordinates drawn again by matplotlib', () => {
  it('have their axes, and every piece of every line in its place and its ink, broken where it is', async () => {
    const drawn = drawFigure({ ...createSheet(1), venue: 'jmlr' }, [parallel])
    const answer = askPython(parallelProgram, await write(drawn)) as {
      axes: { x: number; top: number; bottom: number; scale: string; labels: string[] }[]
      pieces: { at: [number, number][]; color: string; isBroken: boolean }[]
    }
    const panel = drawn.panels[0] as ParallelPanel
    const { layout, x, y } = layOutPrintedParallel(panel, drawn.parts[0]!.plot, drawn.style)
    layout.axes.forEach((axis, k) => {
      const found = answer.axes[k]!
      within([found.x, found.top, found.bottom], [x(axis.x), y(layout.area.top), y(layout.area.bottom)], 0.02)
      expect(found.labels).toEqual(axis.ticks.major.map(({ label }) => label))
    })
    expect(answer.axes.map(({ scale }) => scale)).toEqual(['linear', 'function', 'log'])
    const expected = elementsOf(drawn.root, 'path').flatMap(({ attributes }) => {
      const points = [...String(attributes.d).matchAll(/([ML])(\S+) ([^ML]+)/g)]
      return points.flatMap(([, command, ...to], k) => {
        if (command === 'M') return []
        const from = points[k - 1]!.slice(2).map(Number)
        const isBroken = attributes['stroke-dasharray'] !== undefined
        return { at: [from, to.map(Number)], color: String(attributes.stroke), isBroken }
      })
    })
    expect(expected.filter(({ isBroken }) => isBroken)).toHaveLength(2)
    expect(answer.pieces).toHaveLength(expected.length)
    for (const { at, color, isBroken } of expected) {
      const same = answer.pieces.filter(
        (piece) =>
          piece.color === color &&
          piece.isBroken === isBroken &&
          piece.at.every((point, k) => Math.hypot(point[0] - at[k]![0]!, point[1] - at[k]![1]!) < 0.05),
      )
      expect([at, same.length]).toEqual([at, 1])
    }
  })
})

const parallelProgram = `
import os, runpy
os.environ['MPLBACKEND'] = 'Agg'
made = runpy.run_path(input)
figure = made['figure']
figure.canvas.draw()
import matplotlib.colors
from matplotlib.collections import LineCollection
W, H = made['WIDTH'], made['HEIGHT']
axes = []
for ax in figure.axes:
    p = ax.get_position()
    axes.append({'x': p.x0 * W, 'top': (1 - p.y1) * H, 'bottom': (1 - p.y0) * H, 'scale': ax.get_yscale(), 'labels': [t.get_text() for t in ax.yaxis.get_majorticklabels()]})
pieces = []
for each in figure.artists:
    if isinstance(each, LineCollection):
        broken = each.get_linestyle()[0][1] is not None
        for k, segment in enumerate(each.get_segments()):
            pieces.append({'at': [[v[0] * W, (1 - v[1]) * H] for v in segment], 'color': matplotlib.colors.to_hex(each.get_colors()[k]), 'isBroken': broken})
print(json.dumps({'axes': axes, 'pieces': pieces}))`
