import { describe, expect, it } from 'vitest'
import { colorLevel, createColorMap } from '../../../src/renderer/charts/colorMaps.ts'

const color = (map: Uint8ClampedArray, level: number) => [...map.slice(3 * level, 3 * level + 3)]

describe('createColorMap', () => {
  it('passes through its stops and runs straight between them', () => {
    const map = createColorMap('#000000,#ff0000,#ffffff')
    expect(color(map, 0)).toEqual([0, 0, 0])
    expect(color(map, 255)).toEqual([255, 255, 255])
    expect(color(map, 64)[0]).toBeGreaterThan(126)
    expect(color(map, 64)[1]).toBe(0)
  })

  it('has its middle color in the middle, so that zero is the surface', () => {
    const map = createColorMap('#2166ac,#ffffff,#b2182b')
    const middle = color(map, colorLevel(0, [-1, 1]))
    expect(Math.min(...middle)).toBeGreaterThanOrEqual(254)
  })

  it('reads short colors as a minifier leaves them', () => {
    expect(createColorMap('#fff,#14171a')).toEqual(createColorMap('#ffffff,#14171a'))
  })

  it('refuses what is no color, quoting it', () => {
    expect(() => createColorMap('#fff,red')).toThrow('"red" is not a color')
    expect(() => createColorMap('#fff')).toThrow('at least 2')
  })
})

describe('colorLevel', () => {
  it('grows with the value and ends at the ends', () => {
    const levels = [-9, -1, -0.5, 0, 0.5, 1, 9].map((value) => colorLevel(value, [-1, 1]))
    expect(levels).toEqual([...levels].sort((a, b) => a - b))
    expect([levels[0], levels.at(-1)]).toEqual([0, 255])
  })

  it('has no place for NaN', () => expect(colorLevel(NaN, [0, 1])).toBe(-1))
})
