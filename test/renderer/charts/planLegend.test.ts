import { describe, expect, it } from 'vitest'
import { legendInset } from '../../../src/renderer/charts/legendLine.ts'
import { planLegend } from '../../../src/renderer/charts/planLegend.ts'
import { screenFace } from '../../../src/renderer/charts/screenText.ts'
import { afterName, itemWidth } from '../../../src/shared/charts/legend.ts'

const named = (count: number) =>
  Array.from({ length: count }, (_, place) => ({
    name: `cross-entropy, weight decay ${place}, width ${2 ** place}, of the second series of experiments`,
    role: 'single' as const,
    color: place % 6,
  }))

describe('a legend that has one row', () => {
  it.each([160, 240, 420, 700])(
    'of %d pixels says at least one name and how many others there are, in that row',
    (width) => {
      for (const count of [2, 3, 8, 30]) {
        const entries = named(count)
        const rows = planLegend(entries, { width, height: 140 })
        expect(rows).toHaveLength(1)
        const [row] = rows as [(typeof rows)[0]]
        const shown = row.slice(0, -1)
        expect(shown.length).toBeGreaterThan(0)
        expect(row.at(-1)!.name).toBe(`and ${count - shown.length} more`)
        expect(new Set(shown.map(({ name }) => name)).size).toBe(shown.length)
        expect(shown.map(({ color }) => color)).toEqual(entries.slice(0, shown.length).map(({ color }) => color))
        const used = row.reduce((sum, { name }) => sum + itemWidth(name, screenFace), -afterName * screenFace.size)
        expect(used).toBeLessThanOrEqual(width - 2 * legendInset)
      }
    },
  )

  it('shows more of them the wider it is, until one finds room whole', () => {
    const shown = [160, 240, 420].map((width) => planLegend(named(8), { width, height: 140 })[0]!.length - 1)
    expect(shown[0]).toBe(1)
    expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    expect(shown.at(-1)).toBeGreaterThan(1)
    const [whole] = planLegend(named(8), { width: 900, height: 140 })[0]!
    expect(whole!.name).toBe(named(1)[0]!.name)
  })
})
