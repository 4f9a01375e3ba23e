/** 256 colors as R, G, B in turn. */
export type ColorMap = Uint8ClampedArray

/** Interpolates between the colors of a token, `#rrggbb` separated by commas, at equal distances. */
export function createColorMap(token: string): ColorMap {
  const stops = token.split(',').map(parseColor)
  if (stops.length < 2) throw new RangeError(`"${token}" names ${stops.length} colors; a map needs at least 2`)
  const map = new Uint8ClampedArray(256 * 3)
  for (let level = 0; level < 256; level++) {
    const position = (level / 255) * (stops.length - 1)
    const left = Math.min(stops.length - 2, Math.floor(position))
    const share = position - left
    for (let part = 0; part < 3; part++) {
      map[3 * level + part] = stops[left]![part]! * (1 - share) + stops[left + 1]![part]! * share
    }
  }
  return map
}

/** The place in a map of a value within a range; values beyond take the ends, and NaN has none (−1). */
export function colorLevel(value: number, [low, high]: readonly [number, number]): number {
  if (Number.isNaN(value)) return -1
  return Math.round(Math.max(0, Math.min(1, (value - low) / (high - low))) * 255)
}

/** `#rrggbb`, or `#rgb` as a minifier may have it. */
function parseColor(text: string): [number, number, number] {
  const digits = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim())?.[1]
  if (!digits) throw new RangeError(`"${text.trim()}" is not a color; expected #rrggbb`)
  const width = digits.length / 3
  const part = (at: number) => parseInt(digits.slice(at * width, (at + 1) * width).padStart(2, digits[at]), 16)
  return [part(0), part(1), part(2)]
}
