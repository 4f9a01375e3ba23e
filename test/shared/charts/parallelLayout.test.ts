import { describe, expect, it } from 'vitest'
import { layOutParallel } from '../../../src/shared/charts/parallelLayout.ts'
import { lineAt, nextLine, piecesOf } from '../../../src/shared/charts/parallelLines.ts'
import { moveRange } from '../../../src/shared/charts/moveRange.ts'
import { createScale } from '../../../src/shared/charts/scale.ts'
import { printFace } from '../../../src/shared/charts/textWidth.ts'
import { valueAtHeight } from '../../../src/shared/charts/valueAtHeight.ts'
import type { ParallelAxis, ParallelPanel } from '../../../src/shared/panel.ts'

const size = { width: 600, height: 300 }
const face = printFace(11)
const none = { top: 0, left: 0, right: 0 }

function axis(values: readonly number[], changes: Partial<ParallelAxis> = {}): ParallelAxis {
  return {
    axis: { label: 'a field', column: 'a', scale: 'linear' },
    short: 'f',
    values: Float64Array.from(values),
    ...changes,
  }
}

function panelOf(axes: readonly ParallelAxis[]): ParallelPanel {
  const count = axes[0]!.values.length
  return {
    ...{ kind: 'parallel', id: 'p', title: 'P', caption: '', with: {} },
    axes,
    groups: [{ name: 'all', label: 'all', color: 0 }],
    groupOf: new Int32Array(count),
  }
}
const layOut = (axes: readonly ParallelAxis[]) => layOutParallel(panelOf(axes), size, face, none)

describe('the axes of parallel coordinates', () => {
  it('name values that were chosen where they are few, and round numbers where they are many or measured', () => {
    const chosen = [0.01, 0.03, 0.1]
    const log = { label: 'decay', scale: 'log' } as const
    const labels = (each: ParallelAxis) => layOut([each, each]).axes[0]!.ticks.major.map(({ label }) => label)
    expect(labels(axis(chosen, { axis: log, isChosen: true }))).toEqual(['0.01', '0.03', '0.1'])
    expect(labels(axis(chosen, { axis: log }))).toEqual(['0.01', '0.1'])
    const many = Array.from({ length: 50 }, (_, k) => k + 0.123)
    expect(labels(axis(many, { isChosen: true }))).toEqual(['0', '10', '20', '30', '40', '50'])
  })

  it('have labels apart, the first and the last kept, and a mark for each that is not named', () => {
    const names = Array.from({ length: 100 }, (_, at) => ({ at, label: `choice ${at}` }))
    const each = axis([0, 50, 99], { axis: { label: 'choice', scale: 'linear', ticks: names } })
    const { ticks, scale } = layOut([each, each]).axes[0]!
    expect(ticks.major[0]!.label).toBe('choice 0')
    expect(ticks.major.at(-1)!.label).toBe('choice 99')
    expect(ticks.major.length + ticks.minor.length).toBe(100)
    ticks.major.slice(1).forEach(({ at }, k) => {
      expect(Math.abs(scale.at(at) - scale.at(ticks.major[k]!.at))).toBeGreaterThanOrEqual(11)
    })
  })

  it('are called in words, and in short where there is no room, within the chart and apart from one another', () => {
    const long = { label: '余弦 of the learning rate schedule of the optimizer', symbol: 'η', scale: 'linear' } as const
    for (const count of [1, 2, 3, 6, 15]) {
      const { axes } = layOut(Array.from({ length: count }, () => axis([1, 2], { axis: long, short: '$η$' })))
      const boxes = axes.map(({ title, titleX, anchor }) => {
        const width = Math.max(...title.map((line) => face.widthOf(line)))
        const left = titleX - { start: 0, middle: width / 2, end: width }[anchor]
        return { title: title.join(' '), left, right: left + width }
      })
      expect(boxes[0]!.left).toBeGreaterThanOrEqual(-1e-9)
      expect(boxes.at(-1)!.right).toBeLessThanOrEqual(size.width + 1e-9)
      boxes.slice(1).forEach(({ left }, k) => expect(left).toBeGreaterThan(boxes[k]!.right))
      expect(boxes[0]!.title.includes('schedule')).toBe(count <= 3)
    }
  })
})

describe('a line across axes', () => {
  const panel = panelOf([
    axis([1, 1, 1, 2]),
    axis([1, NaN, 2, 2], { isBeyond: [true, false, false, false] }),
    axis([1, NaN, NaN, 2]),
  ])
  const layout = layOutParallel(panel, size, face, none)
  const [x0, x1, x2] = layout.axes.map(({ x }) => x) as [number, number, number]
  const { top, bottom } = layout.area

  it('is broken to a bound, ends before what it has no value for, and is a dot where it meets one axis alone', () => {
    expect(piecesOf(panel, layout, 0)).toEqual({
      solid: [NaN, NaN, x1, bottom, x2, bottom],
      broken: [x0, bottom, x1, bottom, NaN, NaN],
      dots: [],
    })
    expect(piecesOf(panel, layout, 1)).toEqual({ solid: [], broken: [], dots: [x0, bottom] })
    expect(piecesOf(panel, layout, 2).solid).toEqual([NaN, NaN, x0, bottom, x1, top])
    expect(piecesOf(panel, layout, 3).solid).toEqual([NaN, NaN, x0, top, x1, top, x2, top])
  })

  it('is found where it is drawn, if it is shown, and nothing farther than the reach', () => {
    const all = [true, true, true, true]
    const middle = (x0 + x1) / 2
    expect(lineAt(layout, all, { x: middle, y: (top + bottom) / 2 }, 5)).toBe(2)
    expect(lineAt(layout, all, { x: middle, y: top + 3 }, 5)).toBe(3)
    expect(lineAt(layout, [true, true, true, false], { x: middle, y: top + 3 }, 5)).toBe(-1)
    expect(lineAt(layout, all, { x: middle, y: top + 9 }, 5)).toBe(-1)
    // Steep lines are near to the side of them as well.
    const steep = panelOf([
      axis([0, 1]),
      axis([1, 0]),
      axis(Array<number>(2).fill(0)),
      ...Array<ParallelAxis>(12).fill(axis([0, 1])),
    ])
    const narrow = layOutParallel(steep, size, face, none)
    const [left, right] = [narrow.axes[0]!.x, narrow.axes[1]!.x]
    const at = { x: left + 0.25 * (right - left) + 4, y: 0.25 * narrow.area.top + 0.75 * narrow.area.bottom }
    expect(lineAt(narrow, [true, true], at, 5)).toBe(0)
    expect(lineAt(layout, [false, true, false, false], { x: x0 + 3, y: bottom - 3 }, 5)).toBe(1)
  })

  it('comes after the one below it for the keys, each once, and lines at one height one after the other', () => {
    const all = [true, true, true, true]
    const walked: number[] = []
    for (let line = nextLine(layout, all, 0, -1, -1); walked.at(-1) !== line; line = nextLine(layout, all, 0, line, -1))
      walked.push(line)
    expect(walked).toHaveLength(4)
    expect(new Set(walked).size).toBe(4)
    expect(walked.at(-1)).toBe(3)
    expect(nextLine(layout, all, 0, walked[3]!, 1)).toBe(walked[2])
    expect(nextLine(layout, [false, false, false, false], 0, -1, 1)).toBe(-1)
    expect(nextLine(layout, all, 1, -1, 1)).not.toBe(1)
  })
})

describe('the part of an axis that is looked at', () => {
  const scale = createScale('linear', [0, 10], [200, 0])
  const few = axis([0, 2, 5, 10])
  type Range = readonly [number, number]
  const moved = (range: Range | undefined, end: 'low' | 'high', direction: 1 | -1, each = few) =>
    moveRange(range ? { ...each, range } : each, scale, end, direction)

  it('moves its ends from value to value, none beyond the other, and is gone where it is all of the axis', () => {
    expect(moved(undefined, 'low', 1)).toEqual([2, 10])
    expect(moved([2, 10], 'low', 1)).toEqual([5, 10])
    expect(moved([2, 10], 'low', -1)).toBeNull()
    expect(moved(undefined, 'high', -1)).toEqual([0, 5])
    expect(moved([0, 5], 'high', 1)).toBeNull()
    expect(moved([5, 5], 'low', 1)).toEqual([5, 5])
    expect(moved([5, 5], 'high', -1)).toEqual([5, 5])
    expect(moved([1.3, 4.2], 'low', 1)).toEqual([2, 4.2])
    expect(moved(undefined, 'low', 1, axis([NaN, NaN]))).toBeNull()
  })

  it('is drawn to the very ends of the axis, and between them to where it is pointed at', () => {
    const log = createScale('log', [0.001, 3], [299.7, 12.3])
    const withZero = createScale('log', [0.001, 3], [299.7, 12.3], true)
    expect([12.3, 0, 299.7, 400].map((height) => valueAtHeight(log, height))).toEqual([3, 3, 0.001, 0.001])
    expect([12.3, 299.7].map((height) => valueAtHeight(withZero, height))).toEqual([3, 0])
    for (const each of [log, withZero, scale]) expect(each.at(valueAtHeight(each, 150))).toBeCloseTo(150, 9)
  })

  it('moves by a twentieth of the axis where there are many values, and keeps every run once it is back', () => {
    const many = axis(Array.from({ length: 400 }, (_, k) => k / 39.9))
    expect(moved(undefined, 'low', 1, many)).toEqual([0.5, 10])
    expect(moved([0.5, 10], 'low', -1, many)).toBeNull()
    let range: Range | null = null
    for (let k = 0; k < 30; k++) range = moved(range ?? undefined, 'high', -1, many)
    expect(range).toEqual([0, 0])
    // Where an inversion is not exact, the other end is.
    for (const [low, high] of [
      [0.001, 3],
      [0.0013, 0.7],
      [0.07, 41],
      [3e-6, 0.9],
    ] as const) {
      const log = createScale('log', [low, high], [299.7, 12.3])
      const values = Array.from({ length: 400 }, (_, k) => (k === 399 ? high : low * (high / low) ** (k / 399)))
      const spread = axis(values)
      expect(moveRange(spread, log, 'low', 1)![1]).toBe(high)
      expect(moveRange(spread, log, 'high', -1)![0]).toBe(low)
      expect(moveRange({ ...spread, range: moveRange(spread, log, 'high', -1)! }, log, 'high', 1)).toBeNull()
    }
  })
})
