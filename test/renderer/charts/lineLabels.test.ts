import { describe, expect, it } from 'vitest'
import { labelLines, labelWidth, planLabels, type LabelStyle } from '../../../src/renderer/charts/lineLabels.ts'
import { screenWidth } from '../../../src/renderer/charts/screenText.ts'
import { takenBy, type Taken } from '../../../src/shared/charts/freeSpot.ts'
import { layOutLines } from '../../../src/shared/charts/lineLayout.ts'
import { lineMargins } from '../../../src/shared/charts/plotArea.ts'
import type { LinePanel, Series } from '../../../src/shared/panel.ts'

function panelOf(count: number, roles: Series['role'][] = []): LinePanel {
  const series = Array.from({ length: count }, (_, k): Series => ({
    name: `seed ${k}`,
    role: roles[k] ?? 'single',
    x: Float64Array.of(0, 1),
    y: Float64Array.of(0, 1 + k / 1000),
  }))
  const axis = { label: '', scale: 'linear' } as const
  return { kind: 'lines', id: '', title: '', caption: '', x: axis, y: axis, series }
}
const wide = { width: 1000, height: 400 }
const narrow = { width: 350, height: 260 }

describe('planLabels', () => {
  it('names all lines while they fit, then the strong ones only, then none', () => {
    expect(planLabels(panelOf(6), 'ends', wide, String).named).toHaveLength(6)
    expect(planLabels(panelOf(60, ['mean']), 'ends', wide, String).named.map(({ role }) => role)).toEqual(['mean'])
    expect(planLabels(panelOf(60), 'ends', wide, String).named).toHaveLength(0)
  })

  it('leaves out the readings, then the names, where they would take more than a third of the width', () => {
    const named = (letters: number) => {
      const { series, ...panel } = panelOf(3)
      return { ...panel, series: series.map((each, k) => ({ ...each, name: `${k}`.padEnd(letters, 'x') })) }
    }
    const plan = (letters: number) => planLabels(named(letters), 'ends', wide, () => '1.2345 × 10⁻⁶')
    expect(plan(10)).toMatchObject({ kind: 'roomy', named: { length: 3 } })
    const letters = 1 + Math.floor((wide.width / 3 - 12 - screenWidth('0')) / screenWidth('x'))
    expect(plan(letters)).toMatchObject({ kind: 'tight', named: { length: 3 }, legend: [] })
    expect(plan(letters + 1).named).toHaveLength(0)
  })

  it('names in a legend what it does not name at the ends, each family once', () => {
    const panel = panelOf(8, ['points', 'start', 'mean'])
    panel.series.forEach((each) => each.role === 'single' && Object.assign(each, { family: 'single seeds' }))
    const legendOf = (style: LabelStyle) =>
      planLabels(panel, style, narrow, String).legend.map((row) => row.map(({ name }) => name))
    expect(legendOf('strong').flat()).toEqual(['seed 0', 'seed 1', 'single seeds'])
    expect(legendOf('legend').flat()).toEqual(['seed 0', 'seed 1', 'seed 2', 'single seeds'])
    expect(planLabels(panelOf(1), 'legend', narrow, String).legend).toEqual([])
  })

  it('takes no more than a third of the height for a legend, and counts what is left', () => {
    const { legend } = planLabels(panelOf(200), 'legend', narrow, String)
    expect(legend.length * 15).toBeLessThanOrEqual(narrow.height / 3)
    expect(planLabels(panelOf(9), 'legend', { width: 350, height: 120 }, String).legend).toHaveLength(1)
    const names = legend.flat().map(({ name }) => name)
    expect(names.at(-1)).toBe(`and ${200 - (names.length - 1)} more`)
  })

  it('names a single line inside a narrow chart', () => {
    expect(planLabels(panelOf(5, ['mean']), 'strong', narrow, String)).toMatchObject({
      kind: 'inside',
      named: { length: 1 },
    })
  })
})

describe('labelLines', () => {
  it('sets labels in one column right of the ends, apart from each other', () => {
    const panel = panelOf(6)
    const layout = layOutLines(panel, { size: wide, margins: { ...lineMargins, right: 120 } })
    const labels = labelLines(layout, planLabels(panel, 'ends', wide, String), String)
    expect(new Set(labels.map(({ to }) => to.x)).size).toBe(1)
    expect(labels[0]!.to.x).toBeGreaterThan(labels[0]!.from.x)
    const heights = labels.map(({ to }) => to.y).sort((a, b) => a - b)
    for (let k = 1; k < 6; k++) expect(heights[k]! - heights[k - 1]!).toBeGreaterThanOrEqual(15 - 1e-9)
  })

  it('names a line that ends early at its end, where a leader would look as if it went on', () => {
    const panel = panelOf(3)
    panel.series[0] = { ...panel.series[0]!, x: Float64Array.of(0, 0.1), y: Float64Array.of(0, 0.9) }
    const layout = layOutLines(panel, { size: wide, margins: { ...lineMargins, right: 120 } })
    const labelsBeside = (taken: Taken[]) => labelLines(layout, planLabels(panel, 'ends', wide, String), String, taken)
    const [early, ...late] = labelsBeside([])
    expect(early!.isLed).toBe(false)
    expect(early!.to.x - early!.from.x).toBeLessThan(20)
    expect(late.map(({ isLed }) => isLed)).toEqual([true, true])
    const [crowded] = labelsBeside([layout.area])
    expect(crowded).toMatchObject({ isLed: false, to: { x: late[0]!.to.x } })
  })

  it('keeps the name of a line inside its narrow chart, wherever it ends', () => {
    for (const end of [0.01, 0.3, 1]) {
      const panel = { ...panelOf(2, ['mean']), x: { label: '', scale: 'linear' as const, max: 1 } }
      panel.series[0]!.x[1] = end
      const layout = layOutLines(panel, { size: narrow, margins: lineMargins })
      const [label] = labelLines(layout, planLabels(panel, 'strong', narrow, String), () => '1.234')
      const { left, right } = takenBy({ ...label!.to, anchor: label!.anchor }, labelWidth(label!))
      expect(left).toBeGreaterThan(layout.area.left)
      expect(right).toBeLessThanOrEqual(layout.area.right + 1)
    }
  })

  it('names the lines of a plane, which may end anywhere, in its legend alone', () => {
    const plan = planLabels({ ...panelOf(3), equalAspect: true }, 'ends', wide, String)
    expect(plan.named).toEqual([])
    expect(plan.legend.flat()).toHaveLength(3)
  })

  it('reads the last finite value of a line that ends in a gap', () => {
    const panel = panelOf(1)
    panel.series[0]!.y[1] = NaN
    panel.series[0]!.y[0] = 7
    const layout = layOutLines(panel, { size: wide, margins: lineMargins })
    expect(labelLines(layout, planLabels(panel, 'ends', wide, String), String)[0]!.reading).toBe('7')
  })
})
