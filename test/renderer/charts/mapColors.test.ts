import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createColorMap } from '../../../src/renderer/charts/colorMaps.ts'
import { minDifference } from '../../../src/shared/figures/colorVision.ts'
import { mapColorAt, mapStops, missingColor } from '../../../src/shared/figures/palettes.ts'

const tokens = readFileSync(join(import.meta.dirname, '../../../src/renderer/styles/tokens.css'), 'utf8')
const [light, dark] = tokens.split("[data-theme='dark']") as [string, string]
const tokenOf = (theme: string, name: string) => new RegExp(`--${name}: ([^;]+);`).exec(theme)![1]!
const levels = Array.from({ length: 256 }, (_, level) => level)

function colorsOf(stops: string): string[] {
  const map = createColorMap(stops)
  return levels.map((level) => `#${Buffer.from(map.subarray(3 * level, 3 * level + 3)).toString('hex')}`)
}
const shown = (theme: string, name: string) => ({
  ground: tokenOf(theme, 'surface'),
  colors: colorsOf(tokenOf(theme, name)),
})
const printed = (scale: keyof typeof mapStops) => ({
  ground: missingColor,
  colors: levels.map((level) => mapColorAt(scale, level / 255)),
})

describe.each([
  ['of amounts, light', shown(light, 'map-seq')],
  ['of amounts, dark', shown(dark, 'map-seq')],
  ['of amounts, in print', printed('sequential')],
  ['around zero, light', shown(light, 'map-div')],
  ['around zero, dark', shown(dark, 'map-div')],
  ['around zero, in print', printed('diverging')],
])('the colors of maps %s', (_, { ground, colors }) => {
  it.each([null, 'protan', 'deutan', 'tritan'] as const)(
    'differ from what a cell without a value stands on (%s)',
    (deficiency) => {
      const closest = Math.min(...colors.map((color) => minDifference([ground, color], deficiency)))
      expect(closest).toBeGreaterThan(10)
    },
  )

  it('are others at the ends and in the middle', () => {
    expect(minDifference([colors[0]!, colors[128]!, colors[255]!], null)).toBeGreaterThan(25)
  })
})

it('are the same on paper as in the light theme', () => {
  for (const [name, scale] of [
    ['map-seq', 'sequential'],
    ['map-div', 'diverging'],
  ] as const) {
    expect(tokenOf(light, name).split(', ')).toEqual(mapStops[scale])
  }
})
