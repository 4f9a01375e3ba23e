import type { Expectation, LinePanel } from '../panel.ts'
import { setRange } from '../formatting/setRange.ts'
import { plainText } from '../formatting/setSymbols.ts'
import { freeSpot, type Spot } from './freeSpot.ts'
import type { LineLayout } from './lineLayout.ts'

/** An expectation at one x as a bracket; one over a range of x as a band. */
export type ExpectationMark =
  | { kind: 'bracket'; path: string; text: { x: number; y: number; anchor: 'start' | 'middle' | 'end' }; label: string }
  | { kind: 'band'; x: number; y: number; width: number; height: number; label: string }

export interface LevelMark {
  y: number
  label: string
  spot: Spot
}

const half = 5
const characterWidth = 6
/** In a narrower area brackets stand without their words, which would cover the curves. */
const wordsFrom = 240

/** Marks of the expectations that lie in view. */
export function markExpectations(expectations: readonly Expectation[], layout: LineLayout): ExpectationMark[] {
  const { area, x, y } = layout
  const inside = (value: number) => value >= area.left - 0.5 && value <= area.right + 0.5
  return expectations.flatMap((expected): ExpectationMark[] => {
    const { fromX, toX, least, most } = expected
    const label = setRange(expected.label)
    const top = Math.max(area.top, most === undefined ? area.top : y.at(most))
    const bottom = Math.min(area.bottom, least === undefined ? area.bottom : y.at(least))
    if (!(bottom >= top)) return []
    if (fromX === undefined || (toX !== undefined && toX !== fromX)) {
      const left = Math.max(area.left, fromX === undefined ? area.left : x.at(fromX))
      const right = Math.min(area.right, toX === undefined ? area.right : x.at(toX))
      return right > left ? [{ kind: 'band', x: left, y: top, width: right - left, height: bottom - top, label }] : []
    }
    const at = x.at(fromX)
    if (!inside(at)) return []
    const words = area.right - area.left < wordsFrom ? '' : label
    return [{ kind: 'bracket', ...bracket(at, [top, bottom], expected, words, layout) }]
  })
}

/** Horizontal lines with a name, each where the curves leave room for it. */
export function markLevels(levels: NonNullable<LinePanel['levels']>, { area, y, strokes }: LineLayout): LevelMark[] {
  return levels.flatMap(({ at, label }) => {
    const height = y.at(at)
    if (!(height >= area.top && height <= area.bottom)) return []
    const spots: Spot[] = [-5, 14].flatMap((shift) => [
      { x: area.right - 6, y: height + shift, anchor: 'end' },
      { x: area.left + 8, y: height + shift, anchor: 'start' },
    ])
    const inside = spots.filter((spot) => spot.y > area.top + 8 && spot.y < area.bottom - 2)
    return [
      { y: height, label, spot: freeSpot(inside.length > 0 ? inside : spots, plainText(label).length, strokes, area) },
    ]
  })
}

function bracket(
  at: number,
  [top, bottom]: readonly [number, number],
  { least, most }: Expectation,
  label: string,
  { area, strokes }: LineLayout,
) {
  const cap = (height: number) => `M${at - half} ${height}h${2 * half}`
  const stem = Math.max(bottom - top, 10)
  const path = [
    most !== undefined && cap(top),
    least !== undefined && bottom - top > 0 && cap(bottom),
    `M${at} ${top}v${stem}`,
  ]
  const width = plainText(label).length * characterWidth
  const middle = (top + bottom) / 2
  const low = middle > area.bottom - 60
  // Low marks are named above, high ones below, long ones at that side where the curves leave room.
  const text =
    bottom - top > 60
      ? freeSpot(besideBracket(at, [middle + 4, bottom + 4, top + 14], width, area), label.length, strokes, area)
      : { x: clampCenter(at, width, area), y: low ? top - 8 : top + stem + 14, anchor: 'middle' as const }
  return { path: path.filter(Boolean).join(''), text, label }
}

function besideBracket(at: number, heights: readonly number[], width: number, area: LineLayout['area']): Spot[] {
  const sides: Pick<Spot, 'x' | 'anchor'>[] = []
  if (at - width - 10 > area.left) sides.push({ x: at - 10, anchor: 'end' })
  if (at + width + 10 < area.right || sides.length === 0) sides.push({ x: at + 10, anchor: 'start' })
  return heights.flatMap((y) => sides.map((side) => ({ ...side, y })))
}

function clampCenter(at: number, width: number, area: LineLayout['area']): number {
  return Math.max(area.left + width / 2, Math.min(area.right - width / 2, at))
}
