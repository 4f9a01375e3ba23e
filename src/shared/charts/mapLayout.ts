import { Delaunay, type Voronoi } from 'd3-delaunay'
import type { Axis, MapBoundary, MapPanel } from '../panel.ts'
import { plotArea, type Margins, type PlotArea } from './plotArea.ts'
import { createScale, type Scale } from './scale.ts'

/** A map laid out for a size. Lines are x and y in turn, in pixels; NaN ends a piece. */
export interface MapLayout {
  area: PlotArea
  x: Scale
  y: Scale
  /** Around each cell. */
  outlines: Float64Array[]
  contours: { level: number; line: Float64Array }[]
  boundary: { middle: Float64Array; band: Float64Array[] } | null
  /** The cell at a pixel; −1 beside the map. */
  cellAt: (x: number, y: number) => number
}

/** The axes alone, by which margins are found. */
export function scalesOfMap(
  panel: MapPanel,
  size: { width: number; height: number },
  margins: Margins,
): Pick<MapLayout, 'area' | 'x' | 'y'> {
  const area = plotArea(size, margins)
  const plane = planeOf(panel)
  return {
    area,
    x: createScale(panel.x.scale, plane.x.domain, [area.left, area.right]),
    y: createScale(panel.y.scale, plane.y.domain, [area.bottom, area.top]),
  }
}

/**
 * Each cell has what is closer to it than to any other, so that a grid has rectangles and sampled points have cells too.
 * Between names there is nothing: no cell reaches from one into another, nor beyond the first and the last run of its name.
 */
export function layOutMap(panel: MapPanel, size: { width: number; height: number }, margins: Margins): MapLayout {
  const plane = planeOf(panel)
  const { area, x, y } = scalesOfMap(panel, size, margins)
  const [width, height] = [area.right - area.left, area.bottom - area.top]
  const toPixels = (shares: ArrayLike<number>) => {
    const pixels = new Float64Array(shares.length)
    for (let k = 0; k + 1 < shares.length; k += 2) {
      pixels[k] = area.left + shares[k]! * width
      pixels[k + 1] = area.bottom - shares[k + 1]! * height
    }
    return pixels
  }
  return {
    area,
    x,
    y,
    outlines: outlinesIn(plane, area, toPixels),
    contours: contoursOf(panel, plane).map(({ level, line }) => ({ level, line: toPixels(line) })),
    boundary: panel.boundary ? layOutBoundary(panel.boundary, x, y) : null,
    cellAt(pixelX, pixelY) {
      const [across, up] = [(pixelX - area.left) / width, (area.bottom - pixelY) / height]
      if (!plane.delaunay || across < 0 || across > 1 || up < 0 || up > 1) return -1
      if (!plane.boxes) return plane.delaunay.find(across, up)
      return plane.boxes.findIndex(
        ({ left, low, right, high }) => across >= left && across <= right && up >= low && up <= high,
      )
    },
  }
}

/** Lines across an outline, as far apart as told, that slant up to the right. */
export function hatch(outline: Float64Array, gap: number): Float64Array {
  const lines: number[] = []
  // Along such a line x + y is the same.
  const sums = Array.from({ length: outline.length / 2 }, (_, k) => outline[2 * k]! + outline[2 * k + 1]!)
  const [least, most] = [Math.min(...sums), Math.max(...sums)]
  for (let sum = Math.ceil(least / gap) * gap; sum < most; sum += gap) {
    const ends: number[] = []
    for (let k = 0; k + 1 < sums.length; k++) {
      const [from, to] = [sums[k]!, sums[k + 1]!]
      if (from < sum === to < sum) continue
      const share = (sum - from) / (to - from)
      const at = (offset: 0 | 1) =>
        outline[2 * k + offset]! + share * (outline[2 * k + 2 + offset]! - outline[2 * k + offset]!)
      ends.push(at(0), at(1))
    }
    if (ends.length === 4) lines.push(...ends, NaN, NaN)
  }
  return Float64Array.from(lines)
}

/** The middle of what an outline lies within, and its width and height. */
export function frameOf(outline: Float64Array): { x: number; y: number; width: number; height: number } {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let k = 0; k + 1 < outline.length; k += 2) {
    const [x, y] = [outline[k]!, outline[k + 1]!]
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top }
}

/** Where the cells are as shares of both axes, whatever the size they are drawn in. */
interface Plane {
  x: Side
  y: Side
  delaunay: Delaunay<Float64Array> | null
  /** Of each cell, where an axis has names; else what is closest to it. */
  boxes: Box[] | null
  outlines: ArrayLike<number>[]
  /** In pixels, of the area they were drawn in last. */
  drawn?: { area: PlotArea; outlines: Float64Array[] }
}

interface Box {
  left: number
  low: number
  right: number
  high: number
}

interface Side {
  domain: readonly [number, number]
  shares: Float64Array
}

/** While only colors change, these are the same. */
function outlinesIn(
  plane: Plane,
  area: PlotArea,
  toPixels: (shares: ArrayLike<number>) => Float64Array,
): Float64Array[] {
  const sides = ['left', 'right', 'top', 'bottom'] as const
  const isSame = plane.drawn && sides.every((side) => plane.drawn!.area[side] === area[side])
  if (!isSame) plane.drawn = { area, outlines: plane.outlines.map(toPixels) }
  return plane.drawn!.outlines
}

interface KnownPlane {
  x: Float64Array
  y: Float64Array
  scales: string
  plane: Plane
}

/** The latest first: in other colors, and while cells are computed, places stay. */
const planes: KnownPlane[] = []
const mostPlanes = 8

function planeOf(panel: MapPanel): Plane {
  const { x, y } = panel.cells
  const scales = JSON.stringify(
    [panel.x, panel.y].map(({ scale, ticks, bounds }) => [scale, ticks !== undefined, bounds]),
  )
  const place = planes.findIndex((each) => each.scales === scales && areSame(each.x, x) && areSame(each.y, y))
  const [known = { x, y, scales, plane: makePlane(panel) }] = place < 0 ? [] : planes.splice(place, 1)
  planes.unshift(known)
  planes.length = Math.min(planes.length, mostPlanes)
  return known.plane
}

function areSame(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((value, place) => value === b[place]))
}

function makePlane({ x, y, cells }: MapPanel): Plane {
  const [across, up] = [sideOf(x, cells.x), sideOf(y, cells.y)]
  const count = cells.x.length
  const places = Float64Array.from({ length: 2 * count }, (_, k) => (k % 2 === 0 ? across : up).shares[k >> 1]!)
  const delaunay = count > 0 ? new Delaunay(places) : null
  const boxes = x.ticks || y.ticks ? boxesOf(across, up, x.ticks !== undefined, y.ticks !== undefined) : null
  const voronoi = boxes ? undefined : delaunay?.voronoi([0, 0, 1, 1])
  const outlines = boxes?.map(cornersOf) ?? Array.from({ length: count }, (_, cell) => outlineOf(voronoi!, cell))
  return { x: across, y: up, delaunay, boxes, outlines }
}

/** Along names a cell has its own; along numbers beside them what is closest of its name, from the first to the last. */
function boxesOf(across: Side, up: Side, isNamedAcross: boolean, isNamedUp: boolean): Box[] {
  const columns = isNamedUp && !isNamedAcross ? stepsWithin(across, up) : stepsOf(across)
  const rows = isNamedAcross && !isNamedUp ? stepsWithin(up, across) : stepsOf(up)
  return columns.map(([left, right], cell) => ({ left, right, low: rows[cell]![0], high: rows[cell]![1] }))
}

function cornersOf({ left, low, right, high }: Box): number[] {
  return [left, low, right, low, right, high, left, high, left, low]
}

type Step = readonly [from: number, to: number]

/** Of each cell what of a side is closer to its value than to any other. */
function stepsOf({ shares }: Pick<Side, 'shares'>): Step[] {
  const values = [...new Set(shares)].sort((a, b) => a - b)
  const middles = values.slice(1).map((value, place) => (value + values[place]!) / 2)
  const steps = new Map(
    values.map((value, place): [number, Step] => [value, [middles[place - 1] ?? 0, middles[place] ?? 1]]),
  )
  return Array.from(shares, (share) => steps.get(share)!)
}

/** The same among the cells of one name alone; the first and the last of them end as they do among all. */
function stepsWithin({ shares }: Side, { shares: names }: Side): Step[] {
  const steps = stepsOf({ shares })
  for (const own of Map.groupBy(shares.keys(), (cell) => names[cell]).values()) {
    own.sort((a, b) => shares[a]! - shares[b]!)
    own.slice(1).forEach((cell, place) => {
      const before = own[place]!
      const middle = (shares[before]! + shares[cell]!) / 2
      steps[before] = [steps[before]![0], middle]
      steps[cell] = [middle, steps[cell]![1]]
    })
  }
  return steps
}

function outlineOf(voronoi: Voronoi<Float64Array>, cell: number): number[] {
  // Types say that a cell has a polygon; one that stands where another does has none.
  return ((voronoi.cellPolygon(cell) as Delaunay.Polygon | null) ?? []).flat()
}

/** From half a step before the first cell to half a step behind the last, or as far as there can be values. */
function sideOf({ scale, bounds = {} }: Axis, values: Float64Array): Side {
  const [to, back] = scale === 'log' ? [Math.log, Math.exp] : [Number, Number]
  const own = values.map(to)
  const sorted = [...new Set(own)].sort((a, b) => a - b)
  const [first = 0, last = 1] = [sorted[0], sorted.at(-1)]
  const [before, behind] =
    sorted.length > 1 ? [sorted[1]! - first, last - sorted.at(-2)!] : scale === 'log' ? [Math.LN10, Math.LN10] : [1, 1]
  const [least, most] = [bounds.min ?? bounds.above ?? -Infinity, bounds.max ?? bounds.below ?? Infinity]
  // Runs of a newer version may stand where none can be of this.
  const low = Math.max(first - before / 2, Math.min(first, to(Math.max(least, scale === 'log' ? 0 : -Infinity))))
  const high = Math.min(last + behind / 2, Math.max(last, to(most)))
  return {
    domain: [back(low), back(high)],
    shares: own.map((value) => (value - low) / (high - low)),
  }
}

/** Straight pieces within the triangles between cells that have a value, on the scale of the colors. */
function contoursOf({ contours, cells, colorScale }: MapPanel, plane: Plane): { level: number; line: number[] }[] {
  const { delaunay } = plane
  if (!contours || !delaunay) return []
  const own = (value: number) => (colorScale === 'log' ? Math.log(value) : value)
  const values = cells.value.map(own)
  const heights = contours.map(own)
  const lines = contours.map((): number[] => [])
  const { triangles } = delaunay
  const [across, up] = [plane.x.shares, plane.y.shares]
  for (let corner = 0; corner < triangles.length; corner += 3) {
    let [low, high, known] = [Infinity, -Infinity, 0]
    for (let k = 0; k < 3; k++) {
      const cell = triangles[corner + k]!
      if (cells.state[cell] !== 'value') continue
      low = Math.min(low, values[cell]!)
      high = Math.max(high, values[cell]!)
      known += 1
    }
    if (known < 3) continue
    for (let level = 0; level < heights.length; level++) {
      const height = heights[level]!
      if (low >= height || high < height) continue
      const line = lines[level]!
      // It crosses two of the sides.
      for (let k = 0; k < 3; k++) {
        const from = triangles[corner + k]!
        const to = triangles[corner + ((k + 1) % 3)]!
        const [a, b] = [values[from]!, values[to]!]
        if (a < height === b < height) continue
        const share = (height - a) / (b - a)
        line.push(across[from]! + share * (across[to]! - across[from]!), up[from]! + share * (up[to]! - up[from]!))
      }
      line.push(NaN, NaN)
    }
  }
  return contours.map((level, place) => ({ level, line: lines[place]! }))
}

/** The line through the middles, broken where one is not known or beyond the map, and the band on either side of it. */
function layOutBoundary(
  { along, at, middle, from, to }: MapBoundary,
  x: Scale,
  y: Scale,
): NonNullable<MapLayout['boundary']> {
  const [own, other] = along === 'x' ? [x, y] : [y, x]
  const [least, most] = own.domain
  const point = (value: number, row: number) => {
    const pixel = own.at(Math.max(least, Math.min(most, value)))
    return along === 'x' ? [pixel, other.at(at[row]!)] : [other.at(at[row]!), pixel]
  }
  const isWithin = (value: number) => value >= least && value <= most
  const line = Array.from(middle, (value, row) => (isWithin(value) ? point(value, row) : [NaN, NaN])).flat()
  const band: Float64Array[] = []
  let piece: number[] = []
  const close = () => {
    if (piece.length > 1) {
      const there = piece.flatMap((row) => point(from[row]!, row))
      const back = piece.toReversed().flatMap((row) => point(to[row]!, row))
      band.push(Float64Array.from([...there, ...back]))
    }
    piece = []
  }
  middle.forEach((_, row) => {
    if (Number.isNaN(from[row]!) || Number.isNaN(to[row]!)) close()
    else piece.push(row)
  })
  close()
  return { middle: Float64Array.from(line), band }
}
