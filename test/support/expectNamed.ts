import { expect } from 'vitest'
import { labelWidth, type LabelStyle } from '../../src/renderer/charts/lineLabels.ts'
import { inkClass } from '../../src/renderer/charts/lineOption.ts'
import { legendInset } from '../../src/renderer/charts/legendLine.ts'
import { nameLines } from '../../src/renderer/charts/nameLines.ts'
import { screenFace } from '../../src/renderer/charts/screenText.ts'
import { familiesOf, itemWidth, legendEntries, panelEntries } from '../../src/shared/charts/legend.ts'
import { lastPlace, prepareLines } from '../../src/shared/charts/lineLayout.ts'
import { lineMargins } from '../../src/shared/charts/plotArea.ts'
import { drawFigure } from '../../src/shared/figures/drawFigure.ts'
import { createSheet } from '../../src/shared/figures/sheet.ts'
import { formatNumber } from '../../src/shared/formatting/formatNumber.ts'
import { plainText } from '../../src/shared/formatting/setSymbols.ts'
import type { Panel, Series } from '../../src/shared/panel.ts'
import { textsOf } from './textsOf.ts'

const sizes = [
  { width: 1000, height: 400 },
  { width: 476, height: 390 },
  { width: 350, height: 260 },
]
const styles: readonly LabelStyle[] = ['ends', 'strong', 'legend']

/** Every series of a panel has a name of its own, and finds it in the table, on screen and in print. */
export function expectNamed(panel: Panel): void {
  const series = panel.kind === 'lines' ? panel.series : []
  const names = series.map(({ name }) => name)
  expect(names.filter((name) => name.trim() === '')).toEqual([])
  expect(new Set(names).size).toBe(names.length)
  if (panel.kind !== 'lines' || series.length < 2) return
  // What tells its rows from the others' in the table.
  const keys = series.map(({ name, of }) => JSON.stringify(of ?? { series: name }))
  expect(new Set(keys).size).toBe(keys.length)

  for (const { name } of legendEntries(panel)) {
    const looks = series.filter((each) => familyOf(each) === name).map((each) => `${each.role} ${inkClass(each)}`)
    expect([name, new Set(looks).size]).toEqual([name, 1])
  }
  const printed = panelEntries(panel).map(({ name }) => plainText(name))
  for (const columns of [1, 2]) {
    const { markup, width } = drawFigure(createSheet(columns), Array<Panel>(columns).fill(panel))
    const texts = textsOf(markup).filter(({ left, right }) => left >= 0 && right <= width)
    // In small multiples a frequency is called by its number.
    const wanted = panel.each ? series.map(({ of }) => String(of!['frequency'])) : printed
    expect(texts.map(({ words }) => words)).toEqual(expect.arrayContaining(wanted))
  }
  const drawn = series.filter((each) => lastPlace(each) >= 0)
  const families = [...new Set(drawn.map(familyOf))].map(plainText)
  for (const size of sizes) {
    for (const style of styles) {
      const prepared = prepareLines(panel, { size, margins: lineMargins })
      const { plan, layout, labels } = nameLines(prepared, style, lineMargins, formatNumber)
      for (const label of labels) {
        const right = label.anchor === 'end' ? label.to.x : label.to.x + labelWidth(label)
        expect([label.text, right <= size.width]).toEqual([label.text, true])
      }
      const entries = plan.legend.flatMap((row) => {
        const right = row.reduce((x, { name }) => x + itemWidth(name, screenFace), legendInset)
        expect(right).toBeLessThan(size.width + screenFace.size * 1.2)
        return row.filter(({ name }) => !/^and \d+ more$/.test(name)).flatMap(familiesOf)
      })
      const placed = [...labels.map((label) => familyOf(label.series)), ...entries].map(plainText)
      expect({ size, style, placed }).toEqual({ size, style, placed: expect.arrayContaining(families) as string[] })
      expect(layout.area.bottom - layout.area.top).toBeGreaterThan(size.height / 3)
    }
  }
}

function familyOf({ name, family = name }: Series): string {
  return family
}
