import { frameOf, hatch, type MapLayout } from '../../shared/charts/mapLayout.ts'
import { shareOf } from '../../shared/charts/mapColors.ts'
import type { MapPanel } from '../../shared/panel.ts'
import { clearCanvas } from './clearCanvas.ts'
import type { ColorMap } from './colorMaps.ts'
import { tracePieces } from './tracePieces.ts'

export interface MapInks {
  /** Of amounts. */
  map: ColorMap
  kinds: readonly string[]
  beyond: string
  /** Of hatches and marks, of the lines through cells, and of the page. */
  mark: string
  line: string
  surface: string
}

/** Of cells that are drawn as others. */
const paleness = 0.5
/** Pixels between hatches, and those that a cell has at least to bear a mark. */
const [gap, leastMarked] = [6, 12]
/** Of the mark of a cell that waits for more runs. */
const corner = 6

/** Cells with their marks, the lines between them and the boundary; as fine as the screen is. */
export function paintMap(
  canvas: HTMLCanvasElement,
  panel: MapPanel,
  layout: MapLayout,
  size: { width: number; height: number },
  inks: MapInks,
): void {
  const context = clearCanvas(canvas, size)
  const { area } = layout
  context.save()
  context.beginPath()
  context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top)
  context.clip()
  paintCells(context, panel, layout, inks)
  paintLines(context, layout, inks)
  context.restore()
}

/** The color of a value, as the page writes it. */
export function inkOf(panel: MapPanel, value: number, { map, kinds }: Pick<MapInks, 'map' | 'kinds'>): string {
  if (panel.kinds) return kinds[value % kinds.length]!
  const at = 3 * Math.round(shareOf(panel, value) * 255)
  return `rgb(${map[at]},${map[at + 1]},${map[at + 2]})`
}

function paintCells(context: CanvasRenderingContext2D, panel: MapPanel, { outlines }: MapLayout, inks: MapInks): void {
  const { state, value } = panel.cells
  context.lineWidth = 1
  /** What it is drawn as. */
  const shownAs = (cell: number) => {
    const standIn = panel.cells.standIns?.[cell] ?? -1
    return state[cell] === 'missing' && standIn >= 0 && state[standIn] !== 'failed' ? standIn : cell
  }
  outlines.forEach((outline, place) => {
    const cell = shownAs(place)
    const fills = {
      value: inkOf(panel, value[cell]!, inks),
      censored: inks.beyond,
      undecided: inks.beyond,
      failed: inks.surface,
      missing: inks.surface,
    }
    context.fillStyle = context.strokeStyle = fills[state[cell]!]
    // Its own color around it, so that no page shines through between neighbors; a pale one lets these be seen.
    const isPale = cell !== place
    context.globalAlpha = isPale ? paleness : 1
    const frame = frameOf(outline)
    if (isRectangle(outline, frame)) {
      const around = isPale ? 0 : context.lineWidth
      const [width, height] = [frame.width + around, frame.height + around]
      context.fillRect(frame.x - width / 2, frame.y - height / 2, width, height)
    } else {
      tracePieces(context, outline)
      context.fill()
      if (!isPale) context.stroke()
    }
  })
  context.globalAlpha = 1
  context.fillStyle = inks.line
  outlines.forEach((outline, cell) => {
    if (panel.cells.isPartial?.[cell]) paintCorner(context, outline)
    if (state[cell] === 'value' || shownAs(cell) !== cell) return
    context.strokeStyle = inks.mark
    if (state[cell] === 'missing' || state[cell] === 'undecided') tracePieces(context, hatch(outline, gap))
    else {
      const { x, y, width, height } = frameOf(outline)
      if (Math.min(width, height) < leastMarked) return
      tracePieces(context, state[cell] === 'failed' ? cross(x, y) : [x - 3, y, x + 3, y])
    }
    context.stroke()
  })
}

/** Whether an outline, closed by its first corner, has its corners alone at those of its frame: such are filled faster than others. */
function isRectangle(outline: Float64Array, { x, y, width, height }: ReturnType<typeof frameOf>): boolean {
  if (outline.length !== 10) return false
  const isCorner = (k: number) =>
    isNear(Math.abs(outline[k]! - x), width / 2) && isNear(Math.abs(outline[k + 1]! - y), height / 2)
  return [0, 2, 4, 6].every(isCorner)
}

/** In pixels. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-3
}

/** In the upper right: more runs are to come. */
function paintCorner(context: CanvasRenderingContext2D, outline: Float64Array): void {
  const { x, y, width, height } = frameOf(outline)
  if (Math.min(width, height) < leastMarked) return
  const [right, top] = [x + width / 2 - 1, y - height / 2 + 1]
  tracePieces(context, [right - corner, top, right, top, right, top + corner])
  context.fill()
}

function cross(x: number, y: number): number[] {
  return [x - 3, y - 3, x + 3, y + 3, NaN, NaN, x - 3, y + 3, x + 3, y - 3]
}

function paintLines(context: CanvasRenderingContext2D, { contours, boundary }: MapLayout, { line }: MapInks): void {
  context.strokeStyle = context.fillStyle = line
  for (const { line: points } of contours) {
    context.lineWidth = 0.75
    tracePieces(context, points)
    context.stroke()
  }
  if (!boundary) return
  context.globalAlpha = 0.2
  for (const piece of boundary.band) {
    tracePieces(context, piece)
    context.fill()
  }
  context.globalAlpha = 1
  context.lineWidth = 2
  tracePieces(context, boundary.middle)
  context.stroke()
}
