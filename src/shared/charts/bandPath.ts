import type { Band } from '../panel.ts'
import type { LineLayout } from './lineLayout.ts'
import { pathNumber } from './pathNumber.ts'
import { pixelExtremes } from './pixelExtremes.ts'

/** The outline between the bounds of a band in pixels; one closed piece for each stretch without gaps. */
export function bandPath({ x, low, high }: Pick<Band, 'x' | 'low' | 'high'>, layout: LineLayout): string {
  const { area, x: across, y: upwards } = layout
  // On a logarithmic axis a lower bound at or below zero reaches down to the baseline.
  const height = (value: number) => {
    const at = upwards.at(value)
    return Number.isNaN(at) && value <= 0 ? area.bottom : Math.max(area.top, Math.min(area.bottom, at))
  }
  const upper = pixelExtremes(x, high, across)
  const lower = pixelExtremes(x, low, across)
  const places = Uint32Array.from(new Set([...upper, ...lower])).sort()
  const pieces: number[][] = [[]]
  for (const place of places) {
    const whole = Number.isFinite(low[place]!) && Number.isFinite(high[place]!) && Number.isFinite(across.at(x[place]!))
    if (whole) pieces.at(-1)!.push(place)
    else pieces.push([])
  }
  const point = (place: number, y: number) => {
    const left = Math.max(area.left, Math.min(area.right, across.at(x[place]!)))
    return `${pathNumber(left)} ${pathNumber(height(y))}`
  }
  return pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => {
      const there = piece.map((place) => point(place, high[place]!))
      const back = piece.toReversed().map((place) => point(place, low[place]!))
      return `M${[...there, ...back].join('L')}Z`
    })
    .join('')
}
