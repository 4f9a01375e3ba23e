import { describe, expect, it } from 'vitest'
import { frameOf, hatch, layOutMap } from '../../../src/shared/charts/mapLayout.ts'
import type { CellState, MapPanel } from '../../../src/shared/panel.ts'

const size = { width: 440, height: 340 }
const margins = { left: 40, right: 0, top: 0, bottom: 40 }
type Place = [x: number, y: number, value: number, state?: CellState]

function panel(places: Place[], changes: Partial<MapPanel> = {}): MapPanel {
  return {
    kind: 'map',
    id: 'map',
    title: '',
    caption: '',
    x: { label: 'x', scale: 'log' },
    y: { label: 'y', scale: 'linear' },
    cells: {
      x: Float64Array.from(places, ([x]) => x),
      y: Float64Array.from(places, ([, y]) => y),
      state: places.map(([, , , state = 'value']) => state),
      value: Float64Array.from(places, ([, , value]) => value),
    },
    value: 'v',
    valueLabel: 'v',
    colors: 'sequential',
    colorScale: 'linear',
    range: [0, 1],
    ...changes,
  }
}

const grid: Place[] = [1, 10, 100, 1000].flatMap((x) => [0, 1, 2].map((y): Place => [x, y, y / 2]))

describe('the cells of a map', () => {
  it('stay where they are while others of their values come, and are laid out anew at other places', () => {
    const { outlines } = layOutMap(panel(grid), size, margins)
    const later = grid.map(([x, y, value]): Place => [x, y, value + 1])
    expect(layOutMap(panel(later, { contours: [1] }), size, margins).outlines).toBe(outlines)
    const others = [
      layOutMap(panel(grid.map(([x, y, value]): Place => [x, 2 * y, value])), size, margins),
      layOutMap(panel(grid, { x: { label: 'x', scale: 'linear' } }), size, margins),
      layOutMap(panel(grid.slice(1)), size, margins),
      layOutMap(panel(grid), { ...size, width: 441 }, margins),
    ]
    for (const other of others) expect(other.outlines).not.toBe(outlines)
    expect(layOutMap(panel(grid), size, margins).outlines).toEqual(outlines)
  })

  it('of a grid are rectangles of one size, which fill the area', () => {
    const { outlines, area } = layOutMap(panel(grid), size, margins)
    expect(area).toEqual({ left: 40, right: 440, top: 0, bottom: 300 })
    for (const outline of outlines) {
      const { width, height } = frameOf(outline)
      expect(width).toBeCloseTo(100, 6)
      expect(height).toBeCloseTo(100, 6)
    }
    expect(frameOf(outlines[0]!)).toMatchObject({
      x: expect.closeTo(90, 6) as number,
      y: expect.closeTo(250, 6) as number,
    })
  })

  it('are found by any of their pixels, and by none beside them', () => {
    const { outlines, cellAt } = layOutMap(panel(grid), size, margins)
    outlines.forEach((outline, cell) => {
      const { x, y } = frameOf(outline)
      for (const [dx, dy] of [
        [0, 0],
        [40, 40],
        [-40, 40],
      ])
        expect(cellAt(x + dx!, y + dy!)).toBe(cell)
    })
    expect([cellAt(10, 100), cellAt(100, 320), cellAt(500, 100)]).toEqual([-1, -1, -1])
  })

  it('reach from no name into another, nor beyond the first and the last of their name', () => {
    const named = (count: number) => ({
      label: 'task',
      scale: 'linear' as const,
      ticks: Array.from({ length: count }, (_, at) => ({ at, label: `task ${at}` })),
    })
    // Of the second task there is one column alone, of the third there are two.
    const holes: Place[] = [...[1, 10, 100, 1000].map((x): Place => [x, 0, 1]), [100, 1, 1], [1, 2, 1], [10, 2, 1]]
    const grid = layOutMap(panel(holes, { y: named(3) }), size, margins)
    for (const outline of grid.outlines) {
      expect(frameOf(outline).width).toBeCloseTo(100, 6)
      expect(frameOf(outline).height).toBeCloseTo(100, 6)
    }
    expect([grid.cellAt(290, 150), grid.cellAt(190, 150), grid.cellAt(390, 50)]).toEqual([4, -1, -1])
    const sampled: Place[] = [0.1, 0.4, 0.5, 0.7, 0.9, 1].map((x, place): Place => [x, place % 3, 1])
    const strips = layOutMap(panel(sampled, { x: { label: 'x', scale: 'linear' }, y: named(3) }), size, margins)
    strips.outlines.forEach((outline, cell) => {
      const { y, height } = frameOf(outline)
      expect(height).toBeCloseTo(100, 6)
      expect(y).toBeCloseTo(250 - 100 * (cell % 3), 6)
    })
    // The first has 0.1 and 0.7; next to them, of all, are 0.4, 0.5 and 0.9.
    const [first, , , fourth] = strips.outlines.map(frameOf)
    expect(first!.x - first!.width / 2).toBeCloseTo(40, 6)
    expect(first!.x + first!.width / 2).toBeCloseTo(strips.x.at(0.4), 6)
    expect(fourth!.x + fourth!.width / 2).toBeCloseTo(strips.x.at(0.8), 6)
    // What refines one name leaves no gap in another.
    const refined = layOutMap(panel([...holes, [30, 0, 1]], { y: named(3) }), size, margins)
    expect(refined.cellAt(refined.x.at(5), 50)).toBe(6)
    expect(areaOf(refined.outlines[7]!)).toBeGreaterThan(1000)
    const names: Place[] = [
      [0, 0, 1],
      [2, 1, 1],
    ]
    const words = layOutMap(panel(names, { x: named(3), y: named(2) }), size, margins)
    expect(words.cellAt(420, 290)).toBe(-1)
    expect(words.cellAt(420, 10)).toBe(1)
  })

  it('take what is nearest to them where they are no grid', () => {
    const { outlines } = layOutMap(panel([...grid, [30, 0.5, 1]]), size, margins)
    const areas = outlines.map(areaOf)
    expect(areas.reduce((sum, each) => sum + each, 0)).toBeCloseTo(400 * 300, 3)
    expect(Math.min(...areas)).toBeGreaterThan(1000)
  })

  it('end where their values do: no axis of shares goes on behind 1', () => {
    const share = { label: 'share', scale: 'linear', bounds: { above: 0, max: 1 } } as const
    const shares = (...values: number[]) =>
      layOutMap(
        panel(
          values.flatMap((x) => [1, 2].map((y): Place => [x, y, 1])),
          { x: share },
        ),
        size,
        margins,
      )
    expect(shares(0.2, 0.6, 1).x.domain.map((end) => end.toFixed(2))).toEqual(['0.00', '1.00'])
    expect(shares(0.5, 0.6, 0.7).x.domain.map((end) => end.toFixed(2))).toEqual(['0.45', '0.75'])
    expect(shares(1).x.domain).toEqual([0.5, 1])
    // What a newer version allows is within its axis all the same.
    expect(shares(0.6, 1, 1.4).x.domain.map((end) => end.toFixed(2))).toEqual(['0.40', '1.40'])
    const cells = shares(0.2, 0.6, 1)
    expect(cells.outlines.map(areaOf).reduce((sum, each) => sum + each, 0)).toBeCloseTo(400 * 300, 3)
    for (const outline of cells.outlines) expect(areaOf(outline)).toBeGreaterThan(1000)
    expect(cells.cellAt(cells.x.at(1) - 1, 10)).toBe(5)
    const decay = { label: 'decay', scale: 'log', bounds: { min: 0 } } as const
    const powers = [0.01, 0.1, 1].map((x): Place => [x, 1, 1])
    const [from, to] = layOutMap(panel(powers, { x: decay }), size, margins).x.domain
    expect([Math.log10(from), Math.log10(to)].map((end) => end.toFixed(3))).toEqual(['-2.500', '0.500'])
  })

  it('may be one, or in one row, or none', () => {
    expect(areaOf(layOutMap(panel([[3, 1, 1]]), size, margins).outlines[0]!)).toBeCloseTo(400 * 300, 3)
    const row = layOutMap(panel([1, 10, 100].map((x): Place => [x, 5, 1])), size, margins)
    expect(row.outlines.map(areaOf).reduce((sum, each) => sum + each, 0)).toBeCloseTo(400 * 300, 3)
    expect(layOutMap(panel([]), size, margins)).toMatchObject({ outlines: [] })
  })
})

describe('lines through a map', () => {
  const heights = (line: Float64Array) => [...line].filter((pixel, k) => k % 2 === 1 && !Number.isNaN(pixel))

  it('are drawn where the value is, on the scale of the colors', () => {
    const linear = layOutMap(panel(grid, { contours: [0.5, 0.75] }), size, margins).contours
    for (const pixel of heights(linear[1]!.line)) expect(pixel).toBeCloseTo(100, 6)
    expect(heights(linear[1]!.line).length).toBeGreaterThan(4)
    const powers = grid.map(([x, y]): Place => [x, y, 10 ** y])
    const [log] = layOutMap(panel(powers, { contours: [Math.sqrt(10)], colorScale: 'log' }), size, margins).contours
    for (const pixel of heights(log!.line)) expect(pixel).toBeCloseTo(200, 6)
  })

  it('reach into no cell without a value', () => {
    const censored = grid.map(([x, y, value]): Place => (y === 2 ? [x, y, NaN, 'censored'] : [x, y, value]))
    const { contours } = layOutMap(panel(censored, { contours: [0.25, 0.75] }), size, margins)
    expect(contours[0]!.line.length).toBeGreaterThan(0)
    expect(contours[1]!.line).toHaveLength(0)
  })

  it('mark a boundary with its band, within the map, broken where it is not known', () => {
    const boundary = {
      label: '',
      along: 'y' as const,
      at: Float64Array.of(1, 10, 100, 1000),
      middle: Float64Array.of(0.5, 1, NaN, 1),
      from: Float64Array.of(-99, 0.5, NaN, 0.5),
      to: Float64Array.of(1, 99, NaN, 1.5),
    }
    const drawn = layOutMap(panel(grid, { boundary }), size, margins).boundary!
    expect([...drawn.middle].map((pixel) => Math.round(pixel))).toEqual([90, 200, 190, 150, NaN, NaN, 390, 150])
    expect(drawn.band).toHaveLength(1)
    expect([...drawn.band[0]!].map(Math.round)).toEqual([90, 300, 190, 200, 190, 0, 90, 150])
  })
})

it('hatches lie within their outline', () => {
  const lines = hatch(Float64Array.of(10, 10, 50, 10, 50, 30, 10, 30, 10, 10), 6)
  expect(lines.length).toBeGreaterThan(30)
  lines.forEach((pixel, k) => {
    if (Number.isNaN(pixel)) return
    expect(pixel).toBeGreaterThanOrEqual(10 - 1e-9)
    expect(pixel).toBeLessThanOrEqual((k % 2 === 0 ? 50 : 30) + 1e-9)
  })
})

/** By the shoelace formula. */
function areaOf(outline: Float64Array): number {
  let twice = 0
  for (let k = 0; k + 3 < outline.length; k += 2) {
    twice += outline[k]! * outline[k + 3]! - outline[k + 2]! * outline[k + 1]!
  }
  return Math.abs(twice) / 2
}
