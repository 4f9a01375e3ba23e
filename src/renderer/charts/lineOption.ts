import { isDotted, type Dash, type Series } from '../../shared/panel.ts'
import type { LineLayout, Stroke } from '../../shared/charts/lineLayout.ts'

/** The colors of a theme that lines are drawn in. */
export interface LineInks {
  palette: readonly string[]
  mean: string
  mute: string
  surface: string
}

/** ECharts draws strokes only, in pixels of the plot area; axes and words are drawn around it from the same layout. */
export function lineOption({ area, strokes }: LineLayout, inks: LineInks) {
  const width = area.right - area.left
  const height = area.bottom - area.top
  const hidden = { type: 'value', show: false, min: 0 } as const
  const crowded = strokes.some(({ series }) => series.role === 'mean')
  return {
    animation: false,
    grid: { left: area.left, top: area.top, width, height, containLabel: false },
    xAxis: { ...hidden, max: width },
    yAxis: { ...hidden, max: height, inverse: true },
    series: joinAlike(strokes, width).flatMap((stroke) => seriesOf(stroke, inks, crowded)),
  }
}

const order: Record<Series['role'], number> = { context: 0, start: 1, theory: 2, single: 3, points: 4, mean: 5 }

interface Pen extends Pick<Stroke, 'points'> {
  series: Pick<Series, 'role' | 'color' | 'dash'>
  isRough: boolean
}

/** Lines that look alike as one, with gaps between them: every series costs time, however few its points. */
function joinAlike(strokes: readonly Stroke[], pixels: number): Pen[] {
  const pens = new Map<string, { series: Pen['series']; isRough: boolean; parts: Float32Array[] }>()
  for (const [place, { series, points }] of strokes.entries()) {
    const isRough = travel(points) > roughness * pixels
    // Each mean has its own halo under it.
    const look = series.role === 'mean' ? `mean ${place}` : `${series.role} ${series.color} ${series.dash} ${isRough}`
    const pen = pens.get(look) ?? { series, isRough, parts: [] }
    pens.set(look, pen)
    pen.parts.push(points)
  }
  return [...pens.values()].map(({ parts, ...pen }) => ({ ...pen, points: withGaps(parts) }))
}

function withGaps(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length + 2, -2)).fill(NaN)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length + 2
  }
  return joined
}

function seriesOf({ series, points, isRough }: Pen, inks: LineInks, crowded: boolean) {
  const { role } = series
  const ink = inkOf(series, inks)
  const line = {
    type: 'line' as const,
    dimensions: ['x', 'y'],
    data: points,
    silent: true,
    showSymbol: false,
    emphasis: { disabled: true },
    animation: false,
    // The page cuts what lies beyond the plot area, once for all series.
    clip: false,
    z: order[role],
    lineStyle: {
      color: ink,
      width: isRough ? Math.min(widths[role], hairline) : widths[role],
      type: isRough ? 'solid' : (dashLengths[series.dash ?? 'solid'] ?? (role === 'theory' ? [4, 3] : 'solid')),
      join: 'round',
      cap: 'butt',
    },
  }
  if (isDotted(series)) {
    const size = role === 'start' ? 4 : widestDot
    const dots = { showSymbol: true, symbol: 'circle', symbolSize: size, itemStyle: { color: ink, borderWidth: 0 } }
    return [{ ...line, ...dots, lineStyle: { ...line.lineStyle, width: 0 } }]
  }
  if (role !== 'mean') return [{ ...line, lineStyle: { ...line.lineStyle, opacity: crowded ? 0.85 : 1 } }]
  const halo = { color: inks.surface, width: 5, opacity: 0.85, join: 'round', type: 'solid' }
  return [{ ...line, z: order.mean - 0.5, lineStyle: halo }, line]
}

/** Pixels across a dot of `points`. */
export const widestDot = 5.5

/** A line that goes up and down by more than this for each pixel to the right is a band: no dash shows in it, nor its width, */
const roughness = 8
/** and in this width a canvas without a graphics processor strokes it over ten times faster than in any greater. */
const hairline = 1

/** Pixels up and down along a line. */
function travel(points: Float32Array): number {
  let sum = 0
  for (let y = 3; y < points.length; y += 2) sum += Math.abs(points[y]! - points[y - 2]!) || 0
  return sum
}

/** Those that are drawn on screen. */
const dashLengths: Partial<Record<Dash, number[]>> = { dotted: [1.5, 2.5] }

const widths: Record<Series['role'], number> = {
  single: 1.25,
  mean: 2.25,
  theory: 1,
  context: 1,
  start: 0,
  points: 0,
}

/** A mean without a color of its own is drawn in that of text. */
function inkOf({ role, color }: Pick<Series, 'role' | 'color'>, inks: LineInks): string {
  if (role === 'start' || role === 'context') return inks.mute
  if (color === undefined) return inks.mean
  return inks.palette[color % inks.palette.length]!
}

/** The class that gives a swatch or a label the color of its line. */
export function inkClass({ role, color }: Pick<Series, 'role' | 'color'>): string {
  if (role === 'start' || role === 'context') return 'ink-mute'
  return color === undefined ? 'ink-mean' : `ink-${color % 6}`
}
