import type { HeatmapPanel, MapPanel } from '../panel.ts'

/** Series colors: Paul Tol, bright and muted, the members that hold 3:1 on white. */
export const seriesColors = ['#4477aa', '#cc6677', '#228833', '#999933', '#aa3377', '#882255'] as const

/** The palettes that a figure can have for its series; the first is also that of the screen. */
const palettes = {
  tol: seriesColors,
  /** Okabe & Ito 2008, without yellow, which does not show on paper. */
  okabeIto: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'],
  gray: ['#17191b', '#6b6f73', '#9a9da0'],
} as const satisfies Record<string, readonly string[]>
/** The part of viridis (Smith & van der Walt 2015) that shows on paper: of values in order, the lowest first. */
const ordered = ['#440154', '#443983', '#31688e', '#21918c', '#35b779', '#90d743']

export const paletteNames = ['tol', 'okabeIto', 'gray', 'viridis'] as const
export type PaletteName = (typeof paletteNames)[number]

/** The color at a place of a palette of `count` colors in use; beyond its end a palette begins again. */
export function inkAt(palette: PaletteName, place: number, count: number): string {
  if (palette !== 'viridis') return palettes[palette][place % palettes[palette].length]!
  return hexOf(mixed(ordered, count > 1 ? Math.min(1, place / (count - 1)) : 0))
}

/** Tol BuRd; zero is the paper. */
const diverging = ['#2166ac', '#4393c3', '#92c5de', '#d1e5f0', '#ffffff', '#fddbc7', '#f4a582', '#d6604d', '#b2182b']

/** The colors of a heatmap at equal distances along its scale. */
export const colorStops = {
  diverging,
  reversed: diverging.toReversed(),
  /** The cool range of Tol iridescent; low is the paper. */
  sequential: [
    '#ffffff',
    '#e2f1f4',
    '#b9dfe6',
    '#8dcbe4',
    '#7bbce7',
    '#88a5dd',
    '#9398d2',
    '#9b8ac4',
    '#9a709e',
    '#805770',
    '#46353a',
  ],
} satisfies Record<HeatmapPanel['colors'], readonly string[]>

/**
 * The colors of the amounts of a map. A cell stands on paper where another has no value, so that none of them is the paper: Tol
 * iridescent without its palest, and Tol sunset with a middle somewhat darker.
 */
export const mapStops = {
  diverging: [
    '#364b9a',
    '#4a7bb7',
    '#6ea6cd',
    '#98cae1',
    '#bcdfec',
    '#ebe8ac',
    '#feda8b',
    '#fdb366',
    '#f67e4b',
    '#dd3d2d',
    '#a50026',
  ],
  sequential: colorStops.sequential.slice(2),
} satisfies Record<MapPanel['colors'], readonly string[]>

/** Of kinds, as areas: Paul Tol, light, without its grays. */
export const kindColors = [
  '#44bb99',
  '#77aadd',
  '#eedd88',
  '#ffaabb',
  '#99ddff',
  '#bbcc33',
  '#ee8866',
  '#aaaa00',
] as const

/** Of cells without a value: what is known to lie beyond, and what is not known. */
export const [beyondColor, missingColor] = ['#d5d7d9', '#ffffff'] as const

/** The color at a share (0 … 1) of a scale, red, green and blue from 0 to 255. */
export function colorAt(scale: keyof typeof colorStops, share: number): [number, number, number] {
  return mixed(colorStops[scale], share)
}

/** As `#rrggbb`, that of a map. */
export function mapColorAt(scale: keyof typeof mapStops, share: number): string {
  return hexOf(mixed(mapStops[scale], share))
}

function mixed(list: readonly string[], share: number): [number, number, number] {
  const place = Math.min(1, Math.max(0, share)) * (list.length - 1)
  const below = Math.min(Math.floor(place), list.length - 2)
  const [low, high] = [channels(list[below]!), channels(list[below + 1]!)]
  const mix = (channel: 0 | 1 | 2) => Math.round(low[channel] + (place - below) * (high[channel] - low[channel]))
  return [mix(0), mix(1), mix(2)]
}

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function hexOf(color: readonly number[]): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
