import { describe, expect, it } from 'vitest'
import { labelWidth, type LabelStyle } from '../../../src/renderer/charts/lineLabels.ts'
import { nameLines } from '../../../src/renderer/charts/nameLines.ts'
import { isClear } from '../../../src/shared/charts/freeSpot.ts'
import { familiesOf } from '../../../src/shared/charts/legend.ts'
import { prepareLines } from '../../../src/shared/charts/lineLayout.ts'
import { lineMargins } from '../../../src/shared/charts/plotArea.ts'
import type { LinePanel, Series } from '../../../src/shared/panel.ts'

type Window = [number, number] | null
type Kind = LinePanel['x']['scale']

const steps = Float64Array.from({ length: 501 }, (_, i) => 10 * i)
const rising = (name: string, count = steps.length, role: Series['role'] = 'single'): Series => ({
  name,
  role,
  x: steps.subarray(0, count),
  y: steps.subarray(0, count).map((step) => 1 + step / 5000),
})

function layOut(
  series: Series[],
  window: Window,
  kind: Kind,
  size: { width: number; height: number },
  style: LabelStyle = 'ends',
) {
  const panel: LinePanel = {
    kind: 'lines',
    id: '',
    title: '',
    caption: '',
    x: { label: 'step', scale: kind },
    y: { label: 'value', scale: 'linear' },
    series,
  }
  const prepared = prepareLines(panel, { size, margins: lineMargins, window })
  return nameLines(prepared, style, lineMargins, (value) => value.toFixed(3))
}

const lines = {
  'lines that all go on beyond the window': [rising('seed 0'), rising('seed 1')],
  'lines that end before, within and beyond it': [rising('seed 0', 50), rising('seed 1', 200), rising('seed 2')],
  'a line of one point': [rising('seed 0', 1), rising('mean', 501, 'mean')],
  'a line of gaps': [{ ...rising('seed 0'), y: new Float64Array(steps.length).fill(NaN) }, rising('seed 1')],
  'two points, far apart': [
    { name: 'theory', role: 'theory' as const, x: Float64Array.of(1, 5000), y: Float64Array.of(0, 1) },
  ],
}
const windows: Window[] = [null, [1500, 2000], [2400, 2401], [10, 40], [4990, 5000], [0.5, 3]]
const sizes = [
  { width: 1440, height: 400 },
  { width: 620, height: 260 },
  { width: 300, height: 200 },
]

describe('a chart zoomed to any window', () => {
  const cases = Object.entries(lines).flatMap(([name, series]) =>
    windows.flatMap((window) =>
      sizes.flatMap((size) => (['linear', 'log'] as const).map((kind) => ({ name, series, window, size, kind }))),
    ),
  )

  it.each(cases)('keeps more than half of its width: $name, $window, $size.width px, $kind', (each) => {
    const { layout } = layOut(each.series, each.window, each.kind, each.size)
    expect(layout.area.right - layout.area.left).toBeGreaterThan(each.size.width / 2)
  })

  it.each(cases)('names lines where they are seen: $name, $window, $size.width px, $kind', (each) => {
    const { layout, labels } = layOut(each.series, each.window, each.kind, each.size)
    const { left, right, top, bottom } = layout.area
    for (const { from, to } of labels) {
      expect(from.x).toBeGreaterThanOrEqual(left - 1)
      expect(from.x).toBeLessThanOrEqual(right + 1)
      expect(from.y).toBeGreaterThanOrEqual(top)
      expect(from.y).toBeLessThanOrEqual(bottom)
      expect(to.x).toBeLessThanOrEqual(each.size.width)
    }
  })
})

describe('a narrow chart with one line to name', () => {
  const size = { width: 350, height: 200 }
  const bound = (name: string, share: number): Series => ({
    ...rising(name),
    family: 'AdamW, mean ± std',
    y: steps.map((step) => share * (1 - Math.exp(-step / 500))),
  })
  const center = (name: string): Series => ({ ...bound(name, 1), family: name, role: 'mean' })

  it('has the name where it is clear of lines, and in the legend where it would lie over them', () => {
    const clear = layOut([bound('low', 0.2), center('mean')], null, 'linear', size, 'strong')
    expect(clear.labels.map(({ text }) => text)).toEqual(['mean'])
    const crowd = Array.from({ length: 40 }, (_, k) => bound(`seed ${k}`, k / 40))
    for (const name of ['mean', 'a name as long as people write them, N = 3']) {
      for (const lines of [crowd, crowd.slice(0, 5), [bound('low', 0.9), bound('high', 1.1)]]) {
        const { labels, plan, layout } = layOut([...lines, center(name)], null, 'linear', size, 'strong')
        const isOver = labels.filter(
          (label) =>
            !isClear(
              { ...label.to, y: label.to.y + 4, anchor: label.anchor },
              labelWidth(label),
              layout.strokes,
              layout.area,
              [],
            ),
        )
        expect(isOver.map(({ text }) => text)).toEqual([])
        expect(plan.named.length + plan.legend.flat().filter((entry) => familiesOf(entry).includes(name)).length).toBe(
          1,
        )
      }
    }
  })
})
