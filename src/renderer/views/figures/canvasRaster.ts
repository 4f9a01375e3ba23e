import type { HeatmapPanel } from '../../../shared/panel.ts'
import { createColourMap, type ColourMap } from '../../charts/colourMaps.ts'
import { paintHeatmap } from '../../charts/paintHeatmap.ts'
import type { Raster } from './drawHeatmap.ts'

/** The colours of the light theme, since figures stay on white paper in both. */
const tokens = {
  diverging: '#2166ac,#4393c3,#92c5de,#d1e5f0,#ffffff,#fddbc7,#f4a582,#d6604d,#b2182b',
  sequential: '#ffffff,#e2f1f4,#b9dfe6,#8dcbe4,#7bbce7,#88a5dd,#9398d2,#9b8ac4,#9a709e,#805770,#46353a',
} as const

const pictures = new WeakMap<HeatmapPanel, string>()
/** Pixels that the larger side has at least, for viewers that smooth what they enlarge. */
const leastPixels = 1600

/** Heatmaps as PNG, painted on a canvas. */
export const canvasRaster: Raster = {
  cells(panel) {
    const kept = pictures.get(panel)
    if (kept) return kept
    const picture = paint(panel.matrix, panel.range, createColourMap(tokens[panel.colours]))
    pictures.set(panel, picture)
    return picture
  },
  bar(panel) {
    const data = Float64Array.from({ length: 256 }, (_, k) => 1 - k / 255)
    return paint({ rows: 256, columns: 1, data }, [0, 1], createColourMap(tokens[panel.colours]))
  },
}

function paint(matrix: HeatmapPanel['matrix'], range: readonly [number, number], map: ColourMap): string {
  const cells = document.createElement('canvas')
  paintHeatmap(cells, { matrix, range, map, rowOrder: null, columnOrder: null })
  const factor = Math.max(1, Math.ceil(leastPixels / Math.max(matrix.rows, matrix.columns)))
  const picture = document.createElement('canvas')
  picture.width = matrix.columns * factor
  picture.height = matrix.rows * factor
  const context = picture.getContext('2d')!
  context.imageSmoothingEnabled = false
  context.drawImage(cells, 0, 0, picture.width, picture.height)
  return picture.toDataURL('image/png')
}
