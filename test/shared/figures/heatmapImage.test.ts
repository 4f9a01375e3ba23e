import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { heatmapImage } from '../../../src/shared/figures/heatmapImage.ts'
import { colorAt } from '../../../src/shared/figures/palettes.ts'

function pixelsOf(address: string) {
  const prefix = 'data:image/png;base64,'
  expect(address.startsWith(prefix)).toBe(true)
  const { width, height, data, channels } = decode(Buffer.from(address.slice(prefix.length), 'base64'))
  const at = (x: number, y: number) => [...data.slice(channels * (y * width + x), channels * (y * width + x) + 3)]
  return { width, height, at }
}

describe('a heatmap as an image', () => {
  it('has a square of one color for each cell, rows downwards, values outside the range at its ends', () => {
    const values = [-5, -1, 0, 0.5, 1, 7]
    const { width, height, at } = pixelsOf(
      heatmapImage({ rows: 2, columns: 3, data: Float64Array.from(values) }, 'diverging', [-1, 1]),
    )
    const side = width / 3
    expect([Number.isInteger(side), height]).toEqual([true, 2 * side])
    values.forEach((value, i) => {
      const [left, top] = [(i % 3) * side, Math.floor(i / 3) * side]
      const color = colorAt('diverging', (Math.min(1, Math.max(-1, value)) + 1) / 2)
      for (const [x, y] of [
        [0, 0],
        [side - 1, 0],
        [0, side - 1],
        [side - 1, side - 1],
      ] as const) {
        expect(at(left + x, top + y)).toEqual(color)
      }
    })
  })

  it('shows what is not a number as gray, unlike any value', () => {
    const { at } = pixelsOf(heatmapImage({ rows: 1, columns: 1, data: Float64Array.of(NaN) }, 'sequential', [0, 1]))
    expect(at(0, 0)).toEqual([200, 200, 200])
    for (let share = 0; share <= 1; share += 0.01) {
      for (const scale of ['diverging', 'sequential'] as const)
        expect(colorAt(scale, share)).not.toEqual([200, 200, 200])
    }
  })

  it('stays of a bearable size however many cells there are', () => {
    const { width, height } = pixelsOf(
      heatmapImage({ rows: 700, columns: 40, data: new Float64Array(28_000) }, 'sequential', [0, 1]),
    )
    expect([height / width, Number.isInteger(height / 700)]).toEqual([17.5, true])
    expect(height).toBeLessThan(2000)
  })
})
