import type { Band } from '../panel.ts'
import type { LineLayout } from './lineLayout.ts'
import { pathNumber } from './pathNumber.ts'
import { pixelExtremes } from './pixelExtremes.ts'
import type { PlotArea } from './plotArea.ts'

type Corner = readonly [x: number, y: number]

/** The outline between the bounds of a band in pixels, as far as it lies in the area; one closed piece for each stretch without gaps. */
export function bandPath({ x, low, high }: Pick<Band, 'x' | 'low' | 'high'>, layout: LineLayout): string {
  const { area, x: across, y: upwards } = layout
  const reach = 4 * (area.bottom - area.top)
  // On a logarithmic axis a lower bound at or below zero reaches down to the baseline.
  const height = (value: number) => {
    const at = upwards.at(value)
    if (Number.isNaN(at) && value <= 0) return area.bottom
    return Math.max(area.top - reach, Math.min(area.bottom + reach, at))
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
  const corner = (place: number, y: number): Corner => [across.at(x[place]!), height(y)]
  return pieces
    .filter((piece) => piece.length > 1)
    .map((piece) => {
      const there = piece.map((place) => corner(place, high[place]!))
      const back = piece.toReversed().map((place) => corner(place, low[place]!))
      const corners = within([...there, ...back], area)
      if (corners.length === 0) return ''
      return `M${corners.map(([left, top]) => `${pathNumber(left)} ${pathNumber(top)}`).join('L')}Z`
    })
    .join('')
}

/** What of a polygon lies in the area: where a side of it leaves, it goes on along the border. */
function within(polygon: readonly Corner[], { left, right, top, bottom }: PlotArea): readonly Corner[] {
  const borders = [
    { axis: 0, at: left, inwards: 1 },
    { axis: 0, at: right, inwards: -1 },
    { axis: 1, at: top, inwards: 1 },
    { axis: 1, at: bottom, inwards: -1 },
  ] as const
  return borders.reduce((corners, { axis, at, inwards }) => {
    const depth = (corner: Corner) => inwards * (corner[axis] - at)
    if (corners.every((corner) => depth(corner) >= 0)) return corners
    return corners.flatMap((to, k): Corner[] => {
      const from = corners.at(k - 1)!
      const [before, after] = [depth(from), depth(to)]
      const share = before / (before - after)
      const crossing: Corner = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
      return [...(before * after < 0 ? [crossing] : []), ...(after >= 0 ? [to] : [])]
    })
  }, polygon)
}
