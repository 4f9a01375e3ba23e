import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTable, nextPoint, outermostPoint, readPoints } from '../../../src/renderer/charts/readPoints.ts'
import { layOutLines } from '../../../src/shared/charts/lineLayout.ts'
import { lineMargins } from '../../../src/shared/charts/plotArea.ts'
import type { LinePanel, Series } from '../../../src/shared/panel.ts'

const view = { size: { width: 600, height: 400 }, margins: lineMargins }

function scatterOf(points: readonly (readonly [number, number])[], pointwise = true): LinePanel {
  const half = Math.ceil(points.length / 2)
  const series = [points.slice(0, half), points.slice(half)].map((part, place) => ({
    name: `group ${place}`,
    role: 'points' as const,
    color: place,
    x: Float64Array.from(part, ([x]) => x),
    y: Float64Array.from(part, ([, y]) => y),
  }))
  const axis = { label: 'a', scale: 'linear' as const, min: 0, max: 10 }
  return { kind: 'lines', id: 'scatter', title: '', caption: '', x: axis, y: axis, series, pointwise }
}
const points = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 10 })), {
  minLength: 2,
  maxLength: 30,
  selector: String,
})

describe('a scatter', () => {
  it('is read at each of its points where the pointer is on it, also of those that share an x', () => {
    fc.assert(
      fc.property(points, (all) => {
        const panel = scatterOf(all)
        const layout = layOutLines(panel, view)
        for (const [x, y] of all) {
          const [found, ...more] = readPoints(panel, layout, { x: layout.x.at(x) + 2, y: layout.y.at(y) - 2 }, 10)
          expect(more).toEqual([])
          expect([found!.series.x[found!.place], found!.series.y[found!.place]]).toEqual([x, y])
        }
      }),
    )
  })

  it('is read at all points that lie on each other', () => {
    const panel = scatterOf([
      [1, 1],
      [2, 2],
      [1, 1],
    ])
    const layout = layOutLines(panel, view)
    expect(readPoints(panel, layout, { x: layout.x.at(1), y: layout.y.at(1) }, 10)).toHaveLength(2)
  })

  it('is read nowhere else', () => {
    const panel = scatterOf([
      [1, 1],
      [1, 9],
      [9, 9],
    ])
    const layout = layOutLines(panel, view)
    expect(readPoints(panel, layout, { x: layout.x.at(1), y: layout.y.at(5) }, 10)).toEqual([])
  })

  it('is walked through from the first point to the last and back, by each once', () => {
    fc.assert(
      fc.property(points, fc.constantFrom(1 as const, -1 as const), (all, direction) => {
        const panel = scatterOf(all)
        const layout = layOutLines(panel, view)
        const walked: string[] = []
        let point = outermostPoint(panel, layout, direction === 1 ? -1 : 1)
        while (point) {
          walked.push(`${point.series.x[point.place]},${point.series.y[point.place]}`)
          point = nextPoint(panel, layout, point.point, direction, 0)
        }
        const ordered = all.toSorted((a, b) => direction * (a[0] - b[0] || a[1] - b[1]))
        expect(walked).toEqual(ordered.map(String))
      }),
    )
  })

  it('is walked up and down from every point that has another that way', () => {
    fc.assert(
      fc.property(points, fc.constantFrom(1 as const, -1 as const), (all, down) => {
        const panel = scatterOf(all)
        const layout = layOutLines(panel, view)
        for (const [x, y] of all) {
          const next = nextPoint(panel, layout, { x: layout.x.at(x), y: layout.y.at(y) }, 0, down)
          const higher = all.filter((other) => (y - other[1]) * down > 0)
          expect(next === undefined).toBe(higher.length === 0)
          if (next) expect((y - next.series.y[next.place]!) * down).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('has no point beyond its last', () => {
    const panel = scatterOf([
      [1, 1],
      [2, 2],
    ])
    const layout = layOutLines(panel, view)
    const last = outermostPoint(panel, layout, 1)!
    expect(last.series.x[last.place]).toBe(2)
    expect(nextPoint(panel, layout, last.point, 1, 0)).toBeUndefined()
  })
})

describe('curves', () => {
  it('are read all at the x of the pointer, but where they have no value', () => {
    const panel = scatterOf(
      [
        [1, 1],
        [2, 2],
        [1, 5],
        [2, NaN],
      ],
      false,
    )
    const layout = layOutLines(panel, view)
    const at = (x: number) => readPoints(panel, layout, { x: layout.x.at(x), y: 0 }, 10)
    expect(at(1).map(({ series }) => series.name)).toEqual(['group 0', 'group 1'])
    expect(at(2).map(({ series }) => series.name)).toEqual(['group 0'])
    expect(asTable(panel, at(1))).toBe('a\tgroup 0\tgroup 1\n1\t1\t5')
  })

  it('are not read beyond their ends, but for what ends nearest where none goes on', () => {
    const curve = (name: string, ...x: number[]): Series => ({
      name,
      role: 'single',
      x: Float64Array.from(x),
      y: Float64Array.from(x, (each) => 10 * each),
    })
    const panel = { ...scatterOf([[0, 0]], false), series: [curve('short', 0, 10, 20), curve('long', 5, 15, 100)] }
    const layout = layOutLines({ ...panel, x: { ...panel.x, max: 200 } }, view)
    const at = (x: number) => readPoints(panel, layout, { x: layout.x.at(x), y: 0 }, 10)
    const named = (x: number) => at(x).map(({ series }) => series.name)
    expect(named(12)).toEqual(['short', 'long'])
    expect(named(60)).toEqual(['long'])
    expect(named(199)).toEqual(['long'])
    expect(asTable(panel, at(12))).toBe('a\tshort\tlong\n10\t100\t\n15\t\t150')
  })
})
