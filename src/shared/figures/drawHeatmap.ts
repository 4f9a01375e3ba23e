import { colorLabels } from '../charts/colorLabels.ts'
import { heatmapTicks, labelTicks, layOutHeatmap } from '../charts/heatmapLayout.ts'
import { placeColumns } from '../charts/placeColumns.ts'
import { describeShareBeyond, shareBeyond } from '../charts/shareBeyond.ts'
import { fitText, printFace, textWidth } from '../charts/textWidth.ts'
import type { ColumnBlock, HeatmapPanel } from '../panel.ts'
import type { Box } from './box.ts'
import { drawTitle, roomBelow, roomLeft } from './drawAxes.ts'
import { drawText, round } from './drawText.ts'
import { heatmapImage } from './heatmapImage.ts'
import { colorStops } from './palettes.ts'
import { inks, type PrintStyle } from './printStyle.ts'
import { element, type SvgNode } from './svgNode.ts'

/** Layout counts in tenths of points, so that cells need not be whole points. */
const scale = 10
/** Of a matrix whose columns stand at places of their own. */
export const placedPixels = 1000

/** A matrix within a box, in points: one raster under vector axes, and the bar of its colors. */
export function drawHeatmap(panel: HeatmapPanel, box: Box, style: PrintStyle, id: string): SvgNode[] {
  const { smallSize, thinLine } = style
  const bar = { before: 0.8 * smallSize, width: 0.7 * smallSize, beside: 2 }
  const barLabels = colorLabels(panel.range)
  const widestOf = (words: readonly string[]) => Math.max(0, ...words.map((each) => textWidth(each, smallSize)))
  const beyond = describeShareBeyond(shareBeyond(panel.matrix.data, panel.range))
  // Above the matrix it touches no label of an axis.
  const above = [panel.valueLabel, beyond ?? ''].filter((words) => words !== '')
  const besideBar = bar.width + bar.beside + widestOf(barLabels.map(({ text }) => text))
  const roomRight = bar.before + besideBar + 1
  const left = Math.max(roomLeft(style), widestOf(rowNames(panel)) + 4)
  const blocks = panel.columnBlocks ?? []
  const roomForBlocks = blocks.length > 0 ? 1.5 * smallSize : 0
  const top = roomForBlocks + (above.length > 0 ? 1.4 : 0.6) * smallSize
  const margins = {
    left: left * scale,
    top: top * scale,
    bottom: roomBelow(panel.x, box, style) * scale,
    right: Math.max(4 * smallSize, roomRight) * scale,
  }
  const { rows, columns } = panel.matrix
  const size = { width: box.width * scale, height: box.height * scale }
  const placed = placeColumns(panel, placedPixels)
  const shown = { rows, columns: placed?.columns.length ?? columns }
  const layout = layOutHeatmap(shown, size, margins, !placed && rows === columns)
  const area = { x: box.x + left, y: box.y + top, width: layout.width / scale, height: layout.height / scale }
  const [right, bottom] = [area.x + area.width, area.y + area.height]
  const label = { size: smallSize, ink: inks.quiet }
  // On screen a label takes 11 pixels; tenths of points stand in for them.
  const words = { x: placed ? { ...panel.x, ticks: placed.ticks } : panel.x, y: panel.y, matrix: shown }
  const ticks = heatmapTicks(
    { ...panel, ...words },
    {
      ...layout,
      cellWidth: (layout.cellWidth / scale) * (11 / smallSize),
      cellHeight: (layout.cellHeight / scale) * (11 / smallSize),
      width: area.width * (11 / smallSize),
      height: area.height * (11 / smallSize),
    },
  )
  const frame = (x: number, width: number, fill: string) =>
    element('rect', {
      x: round(x),
      y: round(area.y),
      width: round(width),
      height: round(area.height),
      fill,
      stroke: inks.line,
      'stroke-width': thinLine,
    })
  const barX = right + bar.before
  const end = Math.min(box.x + box.width - 0.5, right + roomRight)
  const value = fitText(above.join('; '), printFace(smallSize), end - box.x)
  return [
    colorGradient(panel, id),
    element('image', {
      href: imageOf(panel, placed?.columns),
      x: round(area.x),
      y: round(area.y),
      width: round(area.width),
      height: round(area.height),
      preserveAspectRatio: 'none',
      'image-rendering': 'pixelated',
    }),
    frame(area.x, area.width, 'none'),
    frame(barX, bar.width, `url(#${id})`),
    ...ticks.columns.map(({ at, label: words }) =>
      drawText(
        area.x + ((at + 0.5) * layout.cellWidth) / scale,
        bottom + 2.5 + smallSize,
        words,
        { ...label, anchor: 'middle' },
        style,
      ),
    ),
    ...ticks.rows.map(({ at, label: words }) =>
      drawText(
        area.x - 3,
        area.y + ((at + 0.5) * layout.cellHeight) / scale + 0.35 * smallSize,
        words,
        { ...label, anchor: 'end' },
        style,
      ),
    ),
    ...barLabels.map(({ share, text }) =>
      drawText(
        barX + bar.width + bar.beside,
        area.y + (1 - share) * area.height + 0.7 * share * smallSize,
        text,
        label,
        style,
      ),
    ),
    ...drawBlocks(blocks, (place) => area.x + (place * layout.cellWidth) / scale, area.y, style),
    ...(value !== ''
      ? [drawText(end, area.y - roomForBlocks - 0.4 * smallSize, value, { ...label, anchor: 'end' }, style)]
      : []),
    ...drawTitle(panel.x, { right, bottom }, box, style),
  ]
}

/** Above the matrix, where each stretch of its columns begins, and its name where there is room. */
function drawBlocks(
  blocks: readonly ColumnBlock[],
  at: (place: number) => number,
  top: number,
  style: PrintStyle,
): SvgNode[] {
  const { smallSize, thinLine } = style
  const tick = (x: number) =>
    element('line', {
      ...{ x1: round(x), x2: round(x), y1: round(top - 0.35 * smallSize), y2: round(top) },
      stroke: inks.line,
      'stroke-width': thinLine,
    })
  let free = -Infinity
  const names = blocks.flatMap(({ from, to, label }) => {
    const [middle, half] = [(at(from) + at(to)) / 2, textWidth(label, smallSize) / 2]
    if (middle - half < free) return []
    free = middle + half + 0.4 * smallSize
    const look = { size: smallSize, ink: inks.quiet, anchor: 'middle' } as const
    return [drawText(middle, top - 0.5 * smallSize, label, look, style)]
  })
  const borders = [...blocks.map(({ from }) => from), ...blocks.slice(-1).map(({ to }) => to)]
  return [...borders.map((place) => tick(at(place))), ...names]
}

/** What may stand beside the rows. */
function rowNames({ y, rowLabels, matrix }: HeatmapPanel): string[] {
  return (y.ticks ?? labelTicks(rowLabels, matrix.rows, matrix.rows)).map(({ label }) => label)
}

/** The colors from the low end of the range, below, to the high one. */
function colorGradient({ colors }: HeatmapPanel, id: string): SvgNode {
  const stops = colorStops[colors]
  return element(
    'linearGradient',
    { id, x1: 0, y1: 1, x2: 0, y2: 0 },
    stops.map((color, place) => element('stop', { offset: round(place / (stops.length - 1)), 'stop-color': color })),
  )
}

/** By what is seen: a panel is drawn anew at every change of a sheet, and dressed anew before. */
const images = new WeakMap<HeatmapPanel['matrix']['data'], { key: string; image: string }>()

function imageOf({ matrix, colors, range, x }: HeatmapPanel, places: Int32Array | undefined): string {
  const key = JSON.stringify([matrix.rows, matrix.columns, colors, range, places && [x.scale, x.column]])
  const kept = images.get(matrix.data)
  if (kept?.key === key) return kept.image
  const image = heatmapImage(matrix, colors, range, places)
  images.set(matrix.data, { key, image })
  return image
}
