import { describe, expect, it } from 'vitest'
import { layOutLines } from '../../../src/shared/charts/lineLayout.ts'
import { bandPath } from '../../../src/shared/charts/bandPath.ts'

const x = Float64Array.from([0, 1, 2, 3, 4])
const layoutOf = (scale: 'linear' | 'log', window?: [number, number]) =>
  layOutLines(
    {
      kind: 'lines',
      id: '',
      title: '',
      caption: '',
      x: { label: '', scale: 'linear' },
      y: { label: '', scale, min: scale === 'log' ? 0.1 : 0, max: 10 },
      series: [{ name: '', role: 'single', x, y: Float64Array.from([1, 2, 3, 4, 5]) }],
    },
    { size: { width: 400, height: 200 }, margins: { left: 0, right: 0, top: 0, bottom: 0 }, window },
  )
const corners = (path: string) => [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, a, b]) => [Number(a), Number(b)])

describe('a shade between two bounds', () => {
  it('goes there along the upper and back along the lower', () => {
    const layout = layoutOf('linear')
    const low = Float64Array.from([1, 1, 1, 1, 1])
    const high = Float64Array.from([3, 4, 5, 6, 7])
    const points = corners(bandPath({ x, low, high }, layout))
    expect(points).toHaveLength(10)
    points.slice(0, 5).forEach(([, y], k) => expect(y).toBeCloseTo(layout.y.at(high[k]!), 1))
    points.slice(5).forEach(([, y]) => expect(y).toBeCloseTo(layout.y.at(1), 1))
  })

  it('is cut in two by a gap', () => {
    const low = Float64Array.from([1, 1, NaN, 1, 1])
    const high = Float64Array.from([2, 2, NaN, 2, 2])
    expect(bandPath({ x, low, high }, layoutOf('linear')).match(/M/g)).toHaveLength(2)
  })

  it('reaches the baseline where a logarithmic axis has no place for its lower bound', () => {
    const layout = layoutOf('log')
    const low = Float64Array.from([-1, 0, 1, 1, 1])
    const points = corners(bandPath({ x, low, high: x.map(() => 2) }, layout))
    expect(points.at(-1)![1]).toBeCloseTo(layout.area.bottom, 1)
  })

  it('ends at the borders of a part of the axis as high as its bounds are there', () => {
    const layout = layoutOf('linear', [1.5, 3.25])
    const high = Float64Array.from([0, 4, 8, 8, 4])
    const at = (value: number) => layout.y.at(value)
    const points = corners(bandPath({ x, low: x.map(() => 1), high }, layout))
    const expected = [
      [0, at(6)],
      [layout.x.at(2), at(8)],
      [layout.x.at(3), at(8)],
      [400, at(7)],
      [400, at(1)],
      [0, at(1)],
    ]
    for (const [left, top] of expected)
      expect(points.some((point) => Math.hypot(point[0]! - left!, point[1]! - top!) < 0.1)).toBe(true)
    for (const [left, top] of points) expect([left! >= 0 && left! <= 400, top! <= at(1) + 0.1]).toEqual([true, true])
  })

  it('leaves through the top and the bottom where its bounds do', () => {
    const layout = layoutOf('linear')
    const high = Float64Array.from([5, 5, 15, 15, 15])
    const points = corners(bandPath({ x, low: Float64Array.from([1, 1, 1, -1, -1]), high }, layout))
    const isCorner = (left: number, top: number) =>
      points.some((point) => Math.hypot(point[0]! - left, point[1]! - top) < 0.1)
    expect([
      isCorner(layout.x.at(1.5), 0),
      isCorner(layout.x.at(2.5), 200),
      isCorner(400, 0),
      isCorner(400, 200),
    ]).toEqual([true, true, true, true])
    expect(bandPath({ x, low: x.map(() => 20), high: x.map(() => 30) }, layout)).toBe('')
  })
})
