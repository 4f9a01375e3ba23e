import { describe, expect, it } from 'vitest'
import { colourLevel, createColourMap } from '../../../src/renderer/charts/colourMaps.ts'

const colour = (map: Uint8ClampedArray, level: number) => [...map.slice(3 * level, 3 * level + 3)]

describe('createColourMap', () => {
  it('passes through its stops and runs straight between them', () => {
    const map = createColourMap('#000000,#ff0000,#ffffff')
    expect(colour(map, 0)).toEqual([0, 0, 0])
    expect(colour(map, 255)).toEqual([255, 255, 255])
    expect(colour(map, 64)[0]).toBeGreaterThan(126)
    expect(colour(map, 64)[1]).toBe(0)
  })

  it('has its middle colour in the middle, so that zero is the surface', () => {
    const map = createColourMap('#2166ac,#ffffff,#b2182b')
    const middle = colour(map, colourLevel(0, [-1, 1]))
    expect(Math.min(...middle)).toBeGreaterThanOrEqual(254)
  })

  it('reads short colours as a minifier leaves them', () => {
    expect(createColourMap('#fff,#14171a')).toEqual(createColourMap('#ffffff,#14171a'))
  })

  it('refuses what is no colour, quoting it', () => {
    expect(() => createColourMap('#fff,red')).toThrow('"red" is not a colour')
    expect(() => createColourMap('#fff')).toThrow('at least 2')
  })
})

describe('colourLevel', () => {
  it('grows with the value and ends at the ends', () => {
    const levels = [-9, -1, -0.5, 0, 0.5, 1, 9].map((value) => colourLevel(value, [-1, 1]))
    expect(levels).toEqual([...levels].sort((a, b) => a - b))
    expect([levels[0], levels.at(-1)]).toEqual([0, 255])
  })

  it('has no place for NaN', () => expect(colourLevel(NaN, [0, 1])).toBe(-1))
})
