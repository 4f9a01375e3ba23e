import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createColorMap } from '../../../src/renderer/charts/colorMaps.ts'
import { paintMap, type MapInks } from '../../../src/renderer/charts/paintMap.ts'
import { layOutMap } from '../../../src/shared/charts/mapLayout.ts'
import type { MapPanel } from '../../../src/shared/panel.ts'

const axis = { label: 'x', scale: 'linear' } as const
/** Two by two: a value, a censored one, and two that are missing. */
const panel: MapPanel = {
  ...{ kind: 'map', id: 'map', title: '', caption: '', x: axis, y: axis },
  cells: {
    x: Float64Array.of(0, 1, 0, 1),
    y: Float64Array.of(0, 0, 1, 1),
    state: ['value', 'censored', 'missing', 'missing'],
    value: Float64Array.of(1, NaN, NaN, NaN),
  },
  ...{ value: 'v', valueLabel: 'v', colors: 'sequential', colorScale: 'linear', range: [0, 1] },
}
const inks: MapInks = {
  map: createColorMap('#000000,#ffffff'),
  ...{ kinds: [], beyond: 'beyond', mark: 'mark', line: 'line', surface: 'surface' },
}

/** What is filled, in its color and how solid, and how many lines are drawn in an ink. */
function painted(cells: Partial<MapPanel['cells']>) {
  const fills: [string, number][] = []
  const strokes: string[] = []
  const rectangles: number[][] = []
  const context = {
    ...{ fillStyle: '', strokeStyle: '', globalAlpha: 1, lineWidth: 1 },
    fill: () => fills.push([context.fillStyle, context.globalAlpha]),
    fillRect: (...area: number[]) => {
      fills.push([context.fillStyle, context.globalAlpha])
      rectangles.push(area)
    },
    stroke: () => strokes.push(context.strokeStyle),
    ...Object.fromEntries(
      ['setTransform', 'clearRect', 'save', 'restore', 'beginPath', 'rect', 'clip', 'moveTo', 'lineTo'].map((name) => [
        name,
        () => undefined,
      ]),
    ),
  }
  const size = { width: 200, height: 200 }
  const drawn = { ...panel, cells: { ...panel.cells, ...cells } }
  const canvas = { style: {}, getContext: () => context } as unknown as HTMLCanvasElement
  paintMap(canvas, drawn, layOutMap(drawn, size, { left: 0, right: 0, top: 0, bottom: 0 }), size, inks)
  return { fills, rectangles, marks: strokes.filter((ink) => ink === 'mark').length }
}

describe('a map that is painted', () => {
  beforeEach(() => void vi.stubGlobal('window', { devicePixelRatio: 1 }))
  afterEach(() => void vi.unstubAllGlobals())
  const [white, whole] = ['rgb(255,255,255)', 1]

  it('hatches what is missing', () => {
    const { fills, marks } = painted({})
    expect(fills).toEqual([
      [white, whole],
      ['beyond', whole],
      ['surface', whole],
      ['surface', whole],
    ])
    // A dash in what is censored, and two hatches.
    expect(marks).toBe(3)
  })

  it('hatches what has no majority, on the gray of what has no value', () => {
    const { fills, marks } = painted({ state: ['value', 'undecided', 'value', 'value'] })
    expect(fills[1]).toEqual(['beyond', whole])
    expect(marks).toBe(1)
  })

  it('fills the cells of a grid as rectangles, half a pixel beyond them, and others as what they are', () => {
    expect(painted({}).rectangles[0]).toEqual(
      [-0.5, 99.5, 101, 101].map((pixels) => expect.closeTo(pixels, 6) as number),
    )
    const sampled = { x: Float64Array.of(0, 1, 0.2, 1), y: Float64Array.of(0, 0, 1, 1.3) }
    expect(painted(sampled)).toMatchObject({ rectangles: [], fills: { length: 4 } })
  })

  it('paints it paler in the color of what stands in for it, without marks', () => {
    const { fills, marks } = painted({ standIns: Int32Array.of(-1, -1, 0, 1) })
    expect(fills.slice(2)).toEqual([
      [white, 0.5],
      ['beyond', 0.5],
    ])
    expect(marks).toBe(1)
  })

  it('marks what waits for more of its runs', () => {
    expect(painted({ isPartial: [true, true, false, false] }).fills.slice(4)).toEqual([
      ['line', whole],
      ['line', whole],
    ])
  })
})
