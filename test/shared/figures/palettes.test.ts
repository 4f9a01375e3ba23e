import { describe, expect, it } from 'vitest'
import { colorAt, seriesColors } from '../../../src/shared/figures/palettes.ts'

/** Relative luminance of sRGB (WCAG 2.1). */
function luminance([r, g, b]: readonly number[]): number {
  const linear = (channel: number) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r!) + 0.7152 * linear(g!) + 0.0722 * linear(b!)
}

const shares = Array.from({ length: 101 }, (_, i) => i / 100)

describe('colors', () => {
  it('of a sequential scale darken from the paper on, without a step back', () => {
    expect(colorAt('sequential', 0)).toEqual([255, 255, 255])
    const found = shares.map((share) => luminance(colorAt('sequential', share)))
    found.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(found[i]!))
  })

  it('of a diverging scale have the paper in the middle and darken to both sides alike', () => {
    expect(colorAt('diverging', 0.5)).toEqual([255, 255, 255])
    const found = shares.map((share) => luminance(colorAt('diverging', share)))
    found.slice(1, 51).forEach((value, i) => expect(value).toBeGreaterThanOrEqual(found[i]!))
    found.slice(51).forEach((value, i) => expect(value).toBeLessThanOrEqual(found[50 + i]!))
    expect(colorAt('diverging', 0)[2]).toBeGreaterThan(colorAt('diverging', 0)[0])
    expect(colorAt('diverging', 1)[0]).toBeGreaterThan(colorAt('diverging', 1)[2])
  })

  it('beyond the ends of a scale are its ends', () => {
    for (const scale of ['diverging', 'sequential'] as const) {
      expect(colorAt(scale, -3)).toEqual(colorAt(scale, 0))
      expect(colorAt(scale, 3)).toEqual(colorAt(scale, 1))
    }
  })

  it('of series differ, and stand out from the paper by 3:1 where the palette says so', () => {
    expect(new Set(seriesColors).size).toBe(seriesColors.length)
    for (const hex of seriesColors) {
      const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
      expect([hex, 1.05 / (luminance(channels) + 0.05) >= 2.9]).toEqual([hex, true])
    }
  })
})
