import { fitNames, type TypeFace } from './textWidth.ts'
import type { Tick } from './ticks.ts'

/** In heights of the text, so much room is worth a name that is cut. */
const leastRoom = 3

/** What begins so is a number, which would be another if digits were cut. */
const number = /^[-+−]?[.\d]/

/** Ticks whose names are each within their room, so that none has to be left out; numbers, and all where few letters find none, as they are. */
export function fitTicks(
  ticks: readonly Tick[],
  pixelOf: (at: number) => number,
  face: TypeFace,
  between: number,
): readonly Tick[] {
  const distances = ticks.slice(1).map(({ at }, place) => Math.abs(pixelOf(at) - pixelOf(ticks[place]!.at)))
  const room = Math.min(...distances) - between
  if (distances.length === 0 || room < leastRoom * face.size) return ticks
  const names = fitNames(
    ticks.map(({ label }) => label),
    face,
    room,
  )
  return ticks.map((tick, place) => (number.test(tick.label) ? tick : { at: tick.at, label: names[place]! }))
}
