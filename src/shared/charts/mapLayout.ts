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
 * Between names there is nothing: no cell reaches from one into another, and where a grid over names has no run it is empty.
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
      const isWithin = ({ bounds: [left, low, right, high] }: Region) =>
        across >= left && across <= right && up >= low && up <= high
      const region = plane.regions.find(isWithin)
      return region ? region.cells[region.delaunay.find(across, up)]! : -1
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
  regions: Region[]
  outlines: ArrayLike<number>[]
  /** In pixels, of the area they were drawn in last. */
  drawn?: { area: PlotArea; outlines: Float64Array[] }
}

/** Cells that share what lies within bounds: the whole map where both axes are numbers. */
interface Region {
  bounds: [left: number, low: number, right: number, high: number]
  cells: number[]
  delaunay: Delaunay<Float64Array>
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
  const scales = [panel.x, panel.y].map(({ scale, ticks }) => `${scale} ${ticks !== undefined}`).join(' ')
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
  const all = Array.from(cells.x.keys())
  const regions = regionsOf(all, across, up, [x.ticks !== undefined, y.ticks !== undefined])
  const outlines = all.map((): number[] => [])
  for (const { bounds, cells: own, delaunay } of regions) {
    const voronoi = delaunay.voronoi(bounds)
    own.forEach((cell, place) => (outlines[cell] = outlineOf(voronoi, place)))
  }
  const isOne = regions.length === 1
  const delaunay = all.length === 0 ? null : isOne ? regions[0]!.delaunay : triangulate(all, across, up)
  return { x: across, y: up, delaunay, regions, outlines }
}

function triangulate(cells: readonly number[], { shares: across }: Side, { shares: up }: Side): Delaunay<Float64Array> {
  return new Delaunay(Float64Array.from(cells.flatMap((cell) => [across[cell]!, up[cell]!])))
}

/** Along names a region has one of them; along numbers too, where most places of a grid over names are taken. */
function regionsOf(
  cells: readonly number[],
  across: Side,
  up: Side,
  [isNamedAcross, isNamedUp]: readonly [boolean, boolean],
): Region[] {
  const [columns, rows] = [new Set(across.shares).size, new Set(up.shares).size]
  const isGrid = (isNamedAcross || isNamedUp) && 2 * cells.length > columns * rows
  const whole = (): [number, number] => [0, 1]
  const boundsAcross = isNamedAcross || isGrid ? stepsOf(across) : whole
  const boundsUp = isNamedUp || isGrid ? stepsOf(up) : whole
  const groups = Map.groupBy(cells, (cell) => `${boundsAcross(cell)} ${boundsUp(cell)}`)
  return [...groups.values()].map((own) => {
    const [[left, right], [low, high]] = [boundsAcross(own[0]!), boundsUp(own[0]!)]
    return { bounds: [left, low, right, high], cells: own, delaunay: triangulate(own, across, up) }
  })
}

/** What of a side is closer to the value of a cell than to any other value. */
function stepsOf({ shares }: Side): (cell: number) => [from: number, to: number] {
  const sorted = [...new Set(shares)].sort((a, b) => a - b)
  const middles = sorted.slice(1).map((share, place) => (share + sorted[place]!) / 2)
  const places = new Map(sorted.map((share, place) => [share, place]))
  return (cell) => {
    const place = places.get(shares[cell]!)!
    return [middles[place - 1] ?? 0, middles[place] ?? 1]
  }
}

function outlineOf(voronoi: Voronoi<Float64Array>, cell: number): number[] {
  // Types say that a cell has a polygon; one that stands where another does has none.
  return ((voronoi.cellPolygon(cell) as Delaunay.Polygon | null) ?? []).flat()
}

/** From half a step before the first cell to half a step behind the last. */
function sideOf({ scale }: Axis, values: Float64Array): Side {
  const [to, back] = scale === 'log' ? [Math.log, Math.exp] : [Number, Number]
  const own = values.map(to)
  const sorted = [...new Set(own)].sort((a, b) => a - b)
  const [first = 0, last = 1] = [sorted[0], sorted.at(-1)]
  const [before, behind] =
    sorted.length > 1 ? [sorted[1]! - first, last - sorted.at(-2)!] : scale === 'log' ? [Math.LN10, Math.LN10] : [1, 1]
  const [low, high] = [first - before / 2, last + behind / 2]
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
