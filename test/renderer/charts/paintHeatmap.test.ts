import { describe, expect, it } from 'vitest'
import { createColorMap } from '../../../src/renderer/charts/colorMaps.ts'
import { fillPixels } from '../../../src/renderer/charts/paintHeatmap.ts'

const gray = createColorMap('#000000,#ffffff')
const matrix = { rows: 2, columns: 3, data: Float64Array.of(0, 0.2, 0.4, 0.6, 0.8, NaN) }

function reds(rowOrder: number[] | null, columnOrder: number[] | null) {
  const pixels = new Uint8ClampedArray(4 * 6)
  fillPixels(pixels, { matrix, range: [0, 1], map: gray, rowOrder, columnOrder })
  return Array.from({ length: 6 }, (_, k) => (pixels[4 * k + 3] === 0 ? null : Math.round(pixels[4 * k]! / 51) / 5))
}

describe('fillPixels', () => {
  it('gives each cell its pixel, and none to NaN', () => {
    expect(reds(null, null)).toEqual([0, 0.2, 0.4, 0.6, 0.8, null])
  })

  it('shows rows and columns in the order asked for', () => {
    expect(reds([1, 0], [2, 0, 1])).toEqual([null, 0.6, 0.8, 0.4, 0, 0.2])
  })

  it('shows a column at as many places as it stands at', () => {
    const pixels = new Uint8ClampedArray(4 * 8)
    fillPixels(pixels, { matrix, range: [0, 1], map: gray, rowOrder: null, columnOrder: [0, 0, 0, 1] })
    expect([0, 1, 2, 3, 4].map((k) => Math.round(pixels[4 * k]! / 51) / 5)).toEqual([0, 0, 0, 0.2, 0.6])
  })
})
