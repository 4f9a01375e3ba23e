import type { Curve } from '../../../shared/run.ts'
import { pixelExtremes } from '../../../shared/charts/pixelExtremes.ts'
import type { Scale } from '../../../shared/charts/scale.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { screenWidth } from '../../charts/screenText.ts'
import type { StageMark } from './runStages.ts'
import { pathNumber } from '../../../shared/charts/pathNumber.ts'

export interface PlacedMark {
  x: number
  text: string
  anchor: 'start' | 'end'
}

const clearance = 10

/**
 * Words for events above the band: each to the right of its line if the next leaves room, else to the left; words that
 * would run into each other are left out, their lines stay.
 */
export function placeMarks(marks: readonly StageMark[], at: (step: number) => number, width: number): PlacedMark[] {
  const placed: PlacedMark[] = []
  let taken = -Infinity
  marks.forEach((mark, index) => {
    const x = at(mark.step)
    const text = `${mark.label} ${formatCount(mark.step)}`
    const length = screenWidth(text)
    const next = marks[index + 1]
    const room = (next ? at(next.step) : width) - x - clearance
    const leftFree = x - length >= taken + clearance
    if (leftFree && room < length && x - length >= 0) {
      placed.push({ x: x - 2, text, anchor: 'end' })
      taken = x
    } else if (x >= taken && x + length <= width) {
      placed.push({ x, text, anchor: 'start' })
      taken = x + length
    } else placed.push({ x, text: '', anchor: 'start' })
  })
  return placed
}

/** A curve of shares as an SVG path between two heights; gaps stay open. */
export function sparkPath({ step, value }: Curve, scale: Scale, top: number, bottom: number): string {
  let pen = 'M'
  let path = ''
  for (const place of pixelExtremes(step, value, scale)) {
    const share = value[place]!
    if (Number.isNaN(share)) {
      pen = 'M'
      continue
    }
    path += `${pen}${pathNumber(scale.at(step[place]!))} ${pathNumber(bottom - share * (bottom - top))}`
    pen = 'L'
  }
  return path
}
