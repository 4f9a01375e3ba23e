import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { withResolution } from '../../../src/shared/figures/pngResolution.ts'

const header = Uint8Array.from({ length: 33 }, (_, k) => k)
const rest = Uint8Array.from([9, 8, 7])

describe('the resolution of a PNG', () => {
  it.each([300, 600])('%i dpi stands in a chunk of its own after the header, with a check sum', (dotsPerInch) => {
    const png = withResolution(Uint8Array.from([...header, ...rest]), dotsPerInch)
    const view = new DataView(png.buffer, 33, 21)
    expect(png.slice(0, 33)).toEqual(header)
    expect(png.slice(54)).toEqual(rest)
    expect(new TextDecoder().decode(png.slice(37, 41))).toBe('pHYs')
    expect(Math.abs(view.getUint32(8) * 0.0254 - dotsPerInch)).toBeLessThan(0.02)
    expect(view.getUint32(17)).toBe(crc32(png.slice(37, 50)))
  })
})
