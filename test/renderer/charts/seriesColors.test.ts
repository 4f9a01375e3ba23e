import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { minDifference } from '../../../src/shared/figures/colorVision.ts'

const tokens = readFileSync(join(import.meta.dirname, '../../../src/renderer/styles/tokens.css'), 'utf8')
const [light, dark] = tokens.split("[data-theme='dark']") as [string, string]
const colorsOf = (theme: string) => [...theme.matchAll(/--d[1-6]: (#[0-9a-f]{6})/g)].map(([, color]) => color!)

describe.each([
  ['light', colorsOf(light)],
  ['dark', colorsOf(dark)],
])('the colors of series in the %s theme', (_, colors) => {
  it('differ for every reader', () => {
    expect(colors).toHaveLength(6)
    for (const deficiency of [null, 'protan', 'deutan', 'tritan'] as const) {
      expect(minDifference(colors, deficiency)).toBeGreaterThan(11)
    }
  })

  it('are plainly others while there are few', () => {
    expect(minDifference(colors.slice(0, 4), null)).toBeGreaterThan(35)
  })
})
