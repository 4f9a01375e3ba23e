import { describe, expect, it } from 'vitest'
import { lastPlace, layOutLines, nextX, placeNear } from '../../../src/shared/charts/lineLayout.ts'
import { lineMargins } from '../../../src/shared/charts/plotArea.ts'
import type { Axis, LinePanel, Series } from '../../../src/shared/panel.ts'

const view = { size: { width: 500, height: 300 }, margins: lineMargins }

function panel(x: number[], y: number[], axes: { x?: Partial<Axis>; y?: Partial<Axis> } = {}, more = {}): LinePanel {
  const axis = { label: '', scale: 'linear' } as const
  const series: Series[] = [{ name: 'a', role: 'single', x: Float64Array.from(x), y: Float64Array.from(y) }]
  const words = { kind: 'lines', id: '', title: '', caption: '' } as const
  return { ...words, x: { ...axis, ...axes.x }, y: { ...axis, ...axes.y }, series, ...more }
}

describe('layOutLines', () => {
  it('puts data at the pixels of its scales', () => {
    const { area, x, y, strokes } = layOutLines(panel([0, 1, 2], [0, 5, 10]), view)
    const [stroke] = strokes
    for (const k of [0, 1, 2]) {
      expect(stroke!.points[2 * k]).toBeCloseTo(x.at(k) - area.left, 3)
      expect(stroke!.points[2 * k + 1]).toBeCloseTo(y.at(5 * k) - area.top, 3)
    }
  })

  it('has every dot, where of a line the extremes of each pixel are enough', () => {
    const crowded = Array.from({ length: 5000 }, (_, place) => Math.floor(place / 50))
    const of = (role: Series['role']) => {
      const given = panel(
        crowded,
        crowded.map((_, place) => place % 50),
      )
      return layOutLines({ ...given, series: [{ ...given.series[0]!, role }] }, view).strokes[0]!.points.length / 2
    }
    expect(of('points')).toBe(5000)
    expect(of('single')).toBeLessThan(500)
  })

  it('shows zero on a log axis where the data begin there, and fits the height to it too', () => {
    const { x, y } = layOutLines(
      panel([0, 1, 10, 100], [9000, 20, 10, 5], { x: { scale: 'log' }, y: { scale: 'log' } }),
      view,
    )
    expect(x.zeroGapPixels).toBeGreaterThan(0)
    expect(x.domain[0]).toBe(1)
    expect(y.domain[1]).toBeGreaterThanOrEqual(9000)
  })

  it('fits the height to the window looked at', () => {
    const whole = layOutLines(panel([0, 1, 2, 3], [1000, 1, 2, 3]), view)
    const part = layOutLines(panel([0, 1, 2, 3], [1000, 1, 2, 3]), { ...view, window: [1, 3] })
    expect(part.y.domain[1]).toBeLessThan(whole.y.domain[1] / 100)
  })

  it.each([
    ['linear', 'linear', 12, 1.2],
    ['linear', 'log', 12, 2 ** 0.2],
    ['log', 'linear', 20 / 2 ** 0.5, 1.5],
    ['log', 'log', 20 / 2 ** 0.5, 2 ** 0.5],
  ] as const)('keeps a line in the picture that only crosses the window: %s, %s', (across, upwards, at, height) => {
    const axes = { x: { scale: across }, y: { scale: upwards } }
    const crossing = panel([10, 20], [1, 2], axes)
    const window: [number, number] = [at, at * 1.001]
    const { y } = layOutLines(crossing, { ...view, window })
    expect(y.domain[0]).toBeLessThanOrEqual(height)
    expect(y.domain[1]).toBeGreaterThanOrEqual(height)
    // Dots to either side are not seen.
    const dots = { ...crossing, series: crossing.series.map((each) => ({ ...each, role: 'points' as const })) }
    expect(layOutLines(dots, { ...view, window }).nothing).toBe('nothing in this range')
  })

  it('keeps NaN as a gap and does not let it near the scale', () => {
    const { y, strokes } = layOutLines(panel([0, 1, 2], [1, NaN, 3]), view)
    expect(y.domain.every(Number.isFinite)).toBe(true)
    expect(strokes[0]!.points[3]).toBeNaN()
  })

  it.each([
    ['all values 0, on a log axis', [0, 0], 'log'],
    ['no value above 0, on a log axis', [0, -1], 'log'],
    ['no finite value', [NaN, NaN], 'linear'],
  ] as const)('says why it shows nothing: %s', (why, values, scale) => {
    expect(layOutLines(panel([0, 1], [...values], { y: { scale } }), view).nothing).toBe(why)
  })

  it('says that all there is lies outside the range, but for a line that crosses it', () => {
    const nothingIn = (window: [number, number], min?: number) => {
      const line = panel([10, 20], [1, 2])
      return layOutLines(min === undefined ? line : { ...line, x: { ...line.x, min } }, { ...view, window }).nothing
    }
    expect(nothingIn([0, 5])).toBe('nothing in this range')
    expect(nothingIn([30, 40])).toBe('nothing in this range')
    expect(nothingIn([12, 13])).toBeNull()
    expect(nothingIn([5, 12])).toBeNull()
  })

  it.each([
    [[], []],
    [[5], [5]],
    [[0], [0]],
  ])('has finite scales for %j, %j', (x, y) => {
    const layout = layOutLines(panel(x, y), view)
    for (const scale of [layout.x, layout.y]) expect(scale.domain[1]).toBeGreaterThan(scale.domain[0])
  })

  it('gives a unit the same length on both axes of a plane', () => {
    const { x, y } = layOutLines(panel([-1, 4, 2], [0, 1, -1], {}, { equalAspect: true }), view)
    expect(x.at(1) - x.at(0)).toBeCloseTo(y.at(0) - y.at(1), 9)
  })

  it.each([
    { width: 1000, height: 300 },
    { width: 300, height: 1000 },
  ])('shows no more of a plane in $width × $height than the panel says', (size) => {
    const axes = { x: { min: -3.5, max: 3.5 }, y: { min: -3.5, max: 3.5 } }
    const plane = panel([-1, 4, 2], [0, 1, -1], {}, { equalAspect: true })
    const { x, y, area } = layOutLines(
      { ...plane, x: { ...plane.x, ...axes.x }, y: { ...plane.y, ...axes.y } },
      { ...view, size },
    )
    expect([x.domain, y.domain]).toEqual([
      [-3.5, 3.5],
      [-3.5, 3.5],
    ])
    expect([area.right, area.bottom]).toEqual([x.at(3.5), y.at(-3.5)])
  })

  it('says why there is nothing where a chart has no points', () => {
    const bare = panel([], [])
    expect(layOutLines(bare, view).nothing).toBe('no data yet')
    expect(layOutLines({ ...bare, series: [], empty: 'not run yet' }, view).nothing).toBe('not run yet')
    expect(layOutLines(panel([1, 2], [1, 2]), view).nothing).toBeNull()
    const zeros = (zero: boolean) => layOutLines(panel([1, 2], [0, 0], { y: { scale: 'log', zero } }), view).nothing
    expect([zeros(false), zeros(true)]).toEqual(['all values 0, on a log axis', null])
  })
})

describe('placeNear and lastPlace', () => {
  const series: Series = { name: '', role: 'single', x: Float64Array.of(0, 10, 20), y: Float64Array.of(1, 2, NaN) }
  it('find the nearest point', () => {
    expect([-5, 4, 6, 14, 99].map((at) => placeNear(series, at))).toEqual([0, 0, 1, 1, 2])
  })
  it('find the nearest point of a path that turns back', () => {
    const path = { ...series, x: Float64Array.of(0, 10, 3), y: Float64Array.of(1, 2, 3) }
    expect(placeNear(path, 4)).toBe(2)
  })
  it('find the last point that has a value', () => expect(lastPlace(series)).toBe(1))
})

describe('the next point that keys go to', () => {
  const of = (...x: number[]) => ({ x: Float64Array.from(x) })

  it('is the nearest of any series beyond a place, to either side', () => {
    const series = [of(0, 10, 20), of(5, 12)]
    expect(nextX(series, 5, 1)).toBe(10)
    expect(nextX(series, 10, 1)).toBe(12)
    expect(nextX(series, 10, -1)).toBe(5)
    expect(nextX(series, 11, -1)).toBe(10)
    expect(nextX(series, -3, 1)).toBe(0)
  })

  it('is none beyond the last', () => {
    expect(nextX([of(0, 10)], 10, 1)).toBeNull()
    expect(nextX([of(0, 10)], 0, -1)).toBeNull()
    expect(nextX([], 0, 1)).toBeNull()
  })

  it('is found on a path that goes back and forth', () => {
    expect(nextX([of(3, 1, 2, 0)], 1, 1)).toBe(2)
    expect(nextX([of(3, 1, 2, 0)], 1, -1)).toBe(0)
  })
})
