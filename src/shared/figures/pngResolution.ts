import { pointsPerInch } from './venues.ts'

const metersPerInch = 0.0254
/** Signature, then IHDR: 4 bytes of length, 4 of type, 13 of data, 4 of check sum. */
const endOfHeader = 8 + 25

/** Pixels of a drawing, given in points, at a resolution. */
export function pixelSize(
  { width, height }: { width: number; height: number },
  dotsPerInch: number,
): { width: number; height: number } {
  const pixels = (points: number) => Math.round((points / pointsPerInch) * dotsPerInch)
  return { width: pixels(width), height: pixels(height) }
}

/** A PNG with a pHYs chunk after its header, so that programs place it in true size. */
export function withResolution(png: Uint8Array, dotsPerInch: number): Uint8Array {
  const perMeter = Math.round(dotsPerInch / metersPerInch)
  const chunk = new Uint8Array(21)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, 9)
  chunk.set([0x70, 0x48, 0x59, 0x73], 4)
  view.setUint32(8, perMeter)
  view.setUint32(12, perMeter)
  chunk[16] = 1
  view.setUint32(17, crc32(chunk.subarray(4, 17)))
  const result = new Uint8Array(png.length + chunk.length)
  result.set(png.subarray(0, endOfHeader))
  result.set(chunk, endOfHeader)
  result.set(png.subarray(endOfHeader), endOfHeader + chunk.length)
  return result
}

/** ISO 3309, as PNG has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
